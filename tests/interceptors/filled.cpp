// What calls that order something fill in besides: numbers, addresses, events, times. Shared segments.
#include "case.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>

static int ends[2];
static sockaddr_in address, server_address;
static socklen_t size = sizeof(address);
static int server, event, epoll, timer;
static epoll_event got_event, wanted_event = {EPOLLIN, {}};
static pollfd polled;
static fd_set set;
static eventfd_t value;
static int signal_got;
static siginfo_t info;
static sigset_t used;
static itimerval interval, had;
static itimerspec spec, had_spec;
static timer_t posix_timer;
static char* end;
static char decimal[] = "12";
static tm broken;
static char text[32];
static char semaphore[32];

__attribute__((constructor)) static void Open() {
  server = socket(AF_INET, SOCK_STREAM, 0);
  server_address.sin_family = AF_INET;
  server_address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  MUST(bind(server, reinterpret_cast<sockaddr*>(&server_address), sizeof(server_address)) == 0);
  MUST(getsockname(server, reinterpret_cast<sockaddr*>(&server_address), &size) == 0);
  MUST(listen(server, 8) == 0);
  event = eventfd(1, EFD_SEMAPHORE);
  epoll = epoll_create1(0);
  MUST(epoll_ctl(epoll, EPOLL_CTL_ADD, event, &wanted_event) == 0);
  timer = timerfd_create(CLOCK_MONOTONIC, 0);
  sigemptyset(&used);
  sigaddset(&used, SIGUSR1);
  MUST(pthread_sigmask(SIG_BLOCK, &used, nullptr) == 0);
  sigevent none = {};
  none.sigev_notify = SIGEV_NONE;
  MUST(timer_create(CLOCK_MONOTONIC, &none, &posix_timer) == 0);
  polled = {event, POLLIN, 0};
  snprintf(semaphore, sizeof(semaphore), "/csan-case-%d", getpid());
}
__attribute__((destructor)) static void Close() { sem_unlink(semaphore); }
static sockaddr* Address() {
  size = sizeof(address);
  return reinterpret_cast<sockaddr*>(&address);
}
UNSEEN static int Connected() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  MUST(connect(fd, reinterpret_cast<sockaddr*>(&server_address), sizeof(server_address)) == 0);
  return fd;
}

ACCESS("pipe", &ends[1], MUST(pipe(ends) == 0))
ACCESS("pipe2", &ends[1], MUST(pipe2(ends, O_CLOEXEC) == 0))
ACCESS("socketpair", &ends[1], MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0))
ACCESS("accept", &address, Connected(); MUST(accept(server, Address(), &size) >= 0))
ACCESS("accept4", &address, Connected(); MUST(accept4(server, Address(), &size, 0) >= 0))
ACCESS("getsockname", &address, MUST(getsockname(server, Address(), &size) == 0))
ACCESS("getpeername", &address, MUST(getpeername(Connected(), Address(), &size) == 0))
ACCESS("connect", &server_address,
       MUST(connect(socket(AF_INET, SOCK_STREAM, 0), reinterpret_cast<sockaddr*>(&server_address),
                    sizeof(server_address)) == 0))
// No more than there is room for.
ACCESS("getsockname", &address, size = 2;
       MUST(getsockname(server, reinterpret_cast<sockaddr*>(&address), &size) == 0))

ACCESS("poll", &polled.revents, MUST(poll(&polled, 1, 0) == 1))
ACCESS("poll", &polled.fd, MUST(poll(&polled, 1, 0) == 1))
ACCESS("epoll_ctl", &wanted_event, MUST(epoll_ctl(epoll, EPOLL_CTL_MOD, event, &wanted_event) == 0))
ACCESS("epoll_wait", &got_event, MUST(epoll_wait(epoll, &got_event, 1, 0) == 1))
ACCESS("select", &set, timeval now = {}; MUST(select(1, nullptr, nullptr, &set, &now) == 0))
ACCESS("timerfd_settime", &had_spec, MUST(timerfd_settime(timer, 0, &spec, &had_spec) == 0))
ACCESS("timer_settime", &spec, MUST(timer_settime(posix_timer, 0, &spec, &had_spec) == 0))
ACCESS("setitimer", &had, MUST(setitimer(ITIMER_PROF, &interval, &had) == 0))
ACCESS("sigwait", &signal_got, raise(SIGUSR1); MUST(sigwait(&used, &signal_got) == 0))
ACCESS("sigwaitinfo", &info, raise(SIGUSR1); MUST(sigwaitinfo(&used, &info) == SIGUSR1))
ACCESS("sigtimedwait", &info, raise(SIGUSR1); MUST(sigtimedwait(&used, &info, nullptr) == SIGUSR1))
ACCESS("strtol", &end, MUST(strtol(decimal, &end, 10) == 12))
ACCESS("strtod", &end, MUST(strtod(decimal, &end) == 12))
ACCESS("strftime", &broken, MUST(strftime(text, sizeof(text), "%Y", &broken) == 4))
ACCESS("eventfd_read", &value, MUST(eventfd_write(event, 1) == 0); MUST(eventfd_read(event, &value) == 0))
ORDER("eventfd_write eventfd_read", MUST(eventfd_write(event, 1) == 0),
      eventfd_t n; MUST(eventfd_read(event, &n) == 0))

// A named semaphore may be unmapped meanwhile.
static sem_t* Named() {
  sem_t* s = sem_open(semaphore, O_CREAT, 0600, 0);
  MUST(s != SEM_FAILED);
  return s;
}
ORDER("sem_open", sem_t* s = Named(); MUST(sem_post(s) == 0); MUST(sem_close(s) == 0),
      sem_t* s = Named(); MUST(sem_wait(s) == 0))

// A segment is new wherever it appears.
static int segment;
static int* Attached() {
  if (segment == 0) segment = shmget(IPC_PRIVATE, 4096, 0600);
  auto* at = static_cast<int*>(shmat(segment, nullptr, 0));
  MUST(at != reinterpret_cast<int*>(-1));
  return at;
}
static int* attached;
ACCESS("shmat shmdt", attached = Attached(), *attached = 1; if (!bug) {
  MUST(shmdt(attached) == 0);
  MUST(shmctl(segment, IPC_RMID, nullptr) == 0);
})
