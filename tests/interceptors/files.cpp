// Descriptors and streams: what one thread passes on is ordered before what another gets.
#include "case.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>

extern "C" {
ssize_t __getdelim(char**, size_t*, int, FILE*);
int __isoc99_vfscanf(FILE*, const char*, va_list);
int __isoc99_fscanf(FILE*, const char*, ...);
int __isoc99_scanf(const char*, ...);
void closefrom(int);
}

static char got[16];
static char message[16] = "a\n";
static iovec in_vector = {got, 2};
static iovec out_vector = {message, 2};
static iovec byte = {got, 1};

struct Pipe {
  int in, out;
  UNSEEN Pipe() {
    int ends[2];
    MUST(pipe2(ends, O_CLOEXEC) == 0);
    in = ends[0];
    out = ends[1];
  }
};
static Pipe* pipe_now;
static Case* pipe_of;
// The same for both halves of a case.
UNSEEN static Pipe& APipe() {
  if (pipe_of != order::now) pipe_now = new Pipe, pipe_of = order::now;
  return *pipe_now;
}
struct Pair {
  int a, b;
  explicit Pair(int type) {
    int ends[2];
    MUST(socketpair(AF_UNIX, type, 0, ends) == 0);
    a = ends[0];
    b = ends[1];
  }
};
struct Streams {
  FILE* in;
  FILE* out;
  Streams() {
    Pipe p;
    in = fdopen(p.in, "r");
    out = fdopen(p.out, "w");
    setvbuf(out, nullptr, _IONBF, 0);
    setvbuf(in, nullptr, _IONBF, 0);
  }
};

// Opened before the first thread: opening is no order.
static Pipe one, two;
static Pair stream_pair(SOCK_STREAM), packets(SOCK_DGRAM);
static Streams streams;
static int file, other_file, event, epoll, timer, signals, duplicate;
static int locked[2];
static char path[] = "/tmp/csan_case.XXXXXX";
static int notices;
static int server;
static sockaddr_un address;
static socklen_t address_size;
__attribute__((constructor)) static void Open() {
  file = mkstemp(path);
  other_file = fileno(tmpfile());
  locked[0] = open(path, O_RDWR);
  locked[1] = open(path, O_RDWR);
  MUST(ftruncate(file, 16) == 0);
  event = eventfd(0, 0);
  epoll = epoll_create1(0);
  timer = timerfd_create(CLOCK_MONOTONIC, 0);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  MUST(sigprocmask(SIG_BLOCK, &set, nullptr) == 0);
  signals = signalfd(-1, &set, 0);
  notices = inotify_init1(0);
  MUST(inotify_add_watch(notices, path, IN_MODIFY) >= 0);
  server = socket(AF_UNIX, SOCK_STREAM, 0);
  address.sun_family = AF_UNIX;
  address_size = static_cast<socklen_t>(
      offsetof(sockaddr_un, sun_path) + 1 +
      static_cast<size_t>(snprintf(address.sun_path + 1, 40, "csan-case-%d", getpid())));
  MUST(bind(server, reinterpret_cast<sockaddr*>(&address), address_size) == 0);
  MUST(listen(server, 8) == 0);
  epoll_event watched = {EPOLLIN, {}};
  MUST(epoll_ctl(epoll, EPOLL_CTL_ADD, event, &watched) == 0);
}
__attribute__((destructor)) static void Close() { unlink(path); }

static void Put(int fd) { MUST(write(fd, message, 2) == 2); }
static void Get(int fd) { MUST(read(fd, got, 2) == 2); }
static void Post() {
  eventfd_t n = 1;
  MUST(write(event, &n, 8) == 8);
}
static void Connect() {
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  MUST(connect(fd, reinterpret_cast<sockaddr*>(&address), address_size) == 0);
}
static pollfd* Event() {
  static pollfd one;
  one = {event, POLLIN, 0};
  return &one;
}
static sigset_t* NoSignals() {
  static sigset_t none;
  return &none;
}
static msghdr Message(iovec* vector) {
  msghdr m = {};
  m.msg_iov = vector;
  m.msg_iovlen = 1;
  return m;
}

// Transfers
ORDER("read write pipe pipe2", Put(one.out), Get(one.in))
ORDER("pwrite pread", MUST(pwrite(file, message, 2, 0) == 2), MUST(pread(file, got, 2, 0) == 2))
ORDER("pwrite64 pread64", MUST(pwrite64(file, message, 2, 0) == 2),
      MUST(pread64(file, got, 2, 0) == 2))
ORDER("writev readv", MUST(writev(one.out, &out_vector, 1) == 2),
      MUST(readv(one.in, &in_vector, 1) == 2))
ORDER("pwritev preadv", MUST(pwritev(file, &out_vector, 1, 0) == 2),
      MUST(preadv(file, &in_vector, 1, 0) == 2))
ORDER("pwritev64 preadv64", MUST(pwritev64(file, &out_vector, 1, 0) == 2),
      MUST(preadv64(file, &in_vector, 1, 0) == 2))
ORDER("pwritev2 preadv2", MUST(pwritev2(file, &out_vector, 1, 0, 0) == 2),
      MUST(preadv2(file, &in_vector, 1, 0, 0) == 2))
ORDER("pwritev64v2 preadv64v2", MUST(pwritev64v2(file, &out_vector, 1, 0, 0) == 2),
      MUST(preadv64v2(file, &in_vector, 1, 0, 0) == 2))
ORDER("send recv socketpair", MUST(send(packets.a, message, 2, 0) == 2),
      MUST(recv(packets.b, got, 2, 0) == 2))
ORDER("sendto recvfrom", MUST(sendto(packets.a, message, 2, 0, nullptr, 0) == 2),
      MUST(recvfrom(packets.b, got, 2, 0, nullptr, nullptr) == 2))
ORDER("sendmsg recvmsg", msghdr m = Message(&out_vector); MUST(sendmsg(packets.a, &m, 0) == 2),
      msghdr m = Message(&in_vector); MUST(recvmsg(packets.b, &m, 0) == 2))
ORDER("sendmmsg recvmmsg", mmsghdr m = {}; m.msg_hdr = Message(&out_vector);
      MUST(sendmmsg(packets.a, &m, 1, 0) == 1), mmsghdr m = {}; m.msg_hdr = Message(&in_vector);
      MUST(recvmmsg(packets.b, &m, 1, 0, nullptr) == 1))
ORDER("dprintf", MUST(dprintf(one.out, "%d\n", 1) == 2), Get(one.in))
ORDER("vdprintf", Listed([](va_list list) { MUST(vdprintf(one.out, "%d\n", list) == 2); }, 1),
      Get(one.in))
ACCESS("write", message, Put(one.out))
ACCESS("read", got, Get(one.in))
ACCESS("pwritev", message, MUST(pwritev(file, &out_vector, 1, 0) == 2))
ACCESS("preadv", got, MUST(preadv(file, &in_vector, 1, 0) == 2))

// Within the kernel: a writer before the reader at the far end; who moves has no part in it.
ORDER("splice", Put(one.out), MUST(splice(one.in, nullptr, two.out, nullptr, 2, 0) == 2);
      Get(two.in))
ORDER("tee", Put(one.out), MUST(tee(one.in, two.out, 2, 0) == 2); Get(two.in); Get(one.in))
ORDER("vmsplice", MUST(vmsplice(one.out, &out_vector, 1, 0) == 2), Get(one.in))
ORDER("vmsplice", Put(one.out), MUST(vmsplice(one.in, &in_vector, 1, 0) == 2))
ORDER("sendfile", MUST(pwrite(file, message, 2, 0) == 2), off_t at = 0;
      MUST(sendfile(two.out, file, &at, 2) == 2); Get(two.in))
ORDER("sendfile64", off64_t at = 0; MUST(sendfile64(two.out, file, &at, 2) == 2), Get(two.in))
ORDER("copy_file_range", off64_t at = 0; off64_t to = 0;
      MUST(copy_file_range(file, &at, other_file, &to, 2, 0) == 2),
      MUST(pread(other_file, got, 2, 0) == 2))

// Numbers
ORDER("dup", const int fd = dup(one.out); Put(fd); close(fd), Get(one.in))
ORDER("dup2", const int fd = dup2(one.out, 200); Put(fd); close(fd), Get(one.in))
ORDER("dup3", const int fd = dup3(one.out, 201, 0); Put(fd); close(fd), Get(one.in))
ORDER("fcntl", const int fd = fcntl(one.out, F_DUPFD, 202); Put(fd); close(fd), Get(one.in))
ORDER("fcntl64", const int fd = fcntl64(one.out, F_DUPFD_CLOEXEC, 203); Put(fd); close(fd),
      Get(one.in))
ORDER("fcntl", struct flock l = {}; l.l_type = F_UNLCK; MUST(fcntl(locked[0], F_OFD_SETLK, &l) == 0),
      struct flock l = {}; l.l_type = F_WRLCK; MUST(fcntl(locked[1], F_OFD_SETLKW, &l) == 0))
ORDER("flock", MUST(flock(locked[0], LOCK_EX) == 0); MUST(flock(locked[0], LOCK_UN) == 0),
      MUST(flock(locked[1], LOCK_EX) == 0); MUST(flock(locked[1], LOCK_UN) == 0))
ORDER("close", close(APipe().out), MUST(read(APipe().in, got, 1) == 0))
ORDER("close_range",
      MUST(close_range(unsigned(APipe().out), unsigned(APipe().out), 0) == 0),
      MUST(read(APipe().in, got, 1) == 0))
ORDER("closefrom", const int fd = dup2(APipe().out, 900); close(APipe().out); Put(fd);
      closefrom(fd), Get(APipe().in); MUST(read(APipe().in, got, 1) == 0))
ORDER("shutdown", MUST(shutdown(stream_pair.a, SHUT_WR) == 0),
      MUST(read(stream_pair.b, got, 1) == 0))
ORDER("socket connect listen accept", Connect(), MUST(accept(server, nullptr, nullptr) >= 0))
ORDER("accept4", Connect(), MUST(accept4(server, nullptr, nullptr, SOCK_CLOEXEC) >= 0))
ORDER("eventfd", Post(), MUST(read(event, got, 8) == 8))
static const itimerspec soon = {{}, {0, 1}};
ORDER("timerfd_create timerfd_settime", MUST(timerfd_settime(timer, 0, &soon, nullptr) == 0),
      MUST(read(timer, got, 8) == 8))
ORDER("signalfd", MUST(kill(getpid(), SIGUSR1) == 0), signalfd_siginfo info;
      MUST(read(signals, &info, sizeof(info)) == sizeof(info)))
ORDER("inotify_init inotify_init1", MUST(pwrite(file, "b", 1, 0) == 1), inotify_event notice;
      MUST(read(notices, &notice, sizeof(notice)) == sizeof(notice)))

// Waiting
ORDER("epoll_create epoll_create1 epoll_ctl epoll_wait", Post(), epoll_event e;
      MUST(epoll_wait(epoll, &e, 1, -1) == 1))
ORDER("epoll_pwait", Post(), epoll_event e;
      MUST(epoll_pwait(epoll, &e, 1, -1, nullptr) == 1))
ORDER("epoll_pwait2", Post(), epoll_event e;
      MUST(epoll_pwait2(epoll, &e, 1, nullptr, nullptr) == 1))
ORDER("poll", Post(), MUST(poll(Event(), 1, -1) == 1))
ORDER("ppoll", Post(), MUST(ppoll(Event(), 1, nullptr, NoSignals()) == 1))
ORDER("select", Post(), fd_set set; FD_ZERO(&set); FD_SET(event, &set);
      MUST(select(event + 1, &set, nullptr, nullptr, nullptr) == 1))
ORDER("pselect", Post(), fd_set set; FD_ZERO(&set); FD_SET(event, &set);
      MUST(pselect(event + 1, &set, nullptr, nullptr, nullptr, NoSignals()) == 1))

// Streams
ORDER("fwrite fread", MUST(fwrite(message, 1, 2, streams.out) == 2),
      MUST(fread(got, 1, 2, streams.in) == 2))
ORDER("fwrite_unlocked fread_unlocked", MUST(fwrite_unlocked(message, 1, 2, streams.out) == 2),
      MUST(fread_unlocked(got, 1, 2, streams.in) == 2))
ORDER("fputs fgets", MUST(fputs(message, streams.out) >= 0), MUST(fgets(got, 8, streams.in)))
ORDER("fputs_unlocked fgets_unlocked", MUST(fputs_unlocked(message, streams.out) >= 0),
      MUST(fgets_unlocked(got, 8, streams.in)))
ORDER("fputc fgetc", MUST(fputc('a', streams.out) == 'a'), MUST(fgetc(streams.in) == 'a'))
ORDER("putc getc", MUST((putc)('a', streams.out) == 'a'), MUST((getc)(streams.in) == 'a'))
ORDER("putchar getchar", stdout = streams.out; MUST((putchar)('a') == 'a'), stdin = streams.in;
      MUST((getchar)() == 'a'))
ORDER("__overflow __uflow", MUST(__overflow(streams.out, 'a') == 'a'),
      MUST(__uflow(streams.in) == 'a'))
ORDER("puts", stdout = streams.out; MUST(puts("a") >= 0), MUST(fgets(got, 8, streams.in)))
ORDER("fprintf __isoc99_fscanf", MUST(fprintf(streams.out, "%d\n", 7) == 2),
      int n; MUST(__isoc99_fscanf(streams.in, "%d%*c", &n) == 1))
ORDER("vfprintf", Listed([](va_list list) { MUST(vfprintf(streams.out, "%d\n", list) == 2); }, 7),
      MUST(fgets(got, 8, streams.in)))
ORDER("printf __isoc99_scanf", stdout = streams.out; MUST(printf("%d\n", 7) == 2),
      stdin = streams.in; int n; MUST(__isoc99_scanf("%d%*c", &n) == 1))
ORDER("vprintf", stdout = streams.out;
      Listed([](va_list list) { MUST(vprintf("%d\n", list) == 2); }, 7),
      MUST(fgets(got, 8, streams.in)))
ORDER("__isoc99_vfscanf", fputs("7\n", streams.out), int n;
      Listed([](va_list list) { MUST(__isoc99_vfscanf(streams.in, "%d%*c", list) == 1); }, &n))
ORDER("getline", fputs("a\n", streams.out), char* line = nullptr; size_t room = 0;
      MUST((getline)(&line, &room, streams.in) == 2))
ORDER("getdelim", fputs("a;", streams.out), char* line = nullptr; size_t room = 0;
      MUST(getdelim(&line, &room, ';', streams.in) == 2))
ORDER("__getdelim", fputs("a;", streams.out), char* line = nullptr; size_t room = 0;
      MUST(__getdelim(&line, &room, ';', streams.in) == 2))
static FILE* buffered[] = {fdopen(dup(one.out), "w"), fdopen(dup(one.out), "w")};
ORDER("fflush", fputc('a', buffered[0]); fputc('a', buffered[0]); fflush(buffered[0]), Get(one.in))
ORDER("fclose", fputc('a', buffered[1]); fputc('a', buffered[1]); fclose(buffered[1]), Get(one.in))
