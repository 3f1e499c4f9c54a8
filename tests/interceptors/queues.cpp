// Message queues and semaphores of POSIX and System V, signals and timers.
#include "case.h"

#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/time.h>
#include <time.h>

extern "C" sighandler_t bsd_signal(int, sighandler_t);

static mqd_t queue, second_number;
static int old_queue;
static int semaphores;
static char got[8192];
struct Message {
  long kind = 1;
  char text[8] = "a";
};
static const itimerval soon = {{}, {0, 1}};
static const timespec minute = {60, 0};
static sigset_t used;

__attribute__((constructor)) static void Open() {
  char name[32];
  snprintf(name, sizeof(name), "/csan-case-%d", getpid());
  queue = mq_open(name, O_RDWR | O_CREAT, 0600, nullptr);
  MUST(queue >= 0);
  second_number = mq_open(name, O_RDWR);
  mq_unlink(name);
  old_queue = msgget(IPC_PRIVATE, 0600);
  semaphores = semget(IPC_PRIVATE, 4, 0600);
  MUST(old_queue >= 0 && semaphores >= 0);
  sigemptyset(&used);
  sigaddset(&used, SIGUSR1);
  sigaddset(&used, SIGUSR2);
  sigaddset(&used, SIGALRM);
  MUST(pthread_sigmask(SIG_BLOCK, &used, nullptr) == 0);
}
// They would outlive the process.
__attribute__((destructor)) static void Close() {
  msgctl(old_queue, IPC_RMID, nullptr);
  semctl(semaphores, 0, IPC_RMID);
}
static void Add(int number, int n) {
  sembuf one = {static_cast<unsigned short>(number), static_cast<short>(n), 0};
  MUST(semop(semaphores, &one, 1) == 0);
}
static void AddWithin(int number, int n) {
  sembuf one = {static_cast<unsigned short>(number), static_cast<short>(n), 0};
  MUST(semtimedop(semaphores, &one, 1, &minute) == 0);
}
static void AwaitSignal() {
  int signal;
  MUST(sigwait(&used, &signal) == 0);
}
static void Receive() { MUST(mq_receive(second_number, got, sizeof(got), nullptr) == 1); }
static timespec Later() { return {time(nullptr) + 60, 0}; }

ORDER("mq_send mq_receive", MUST(mq_send(queue, "a", 1, 0) == 0),
      MUST(mq_receive(queue, got, sizeof(got), nullptr) == 1))
ORDER("mq_timedsend mq_timedreceive", timespec t = Later();
      MUST(mq_timedsend(queue, "a", 1, 0, &t) == 0), timespec t = Later();
      MUST(mq_timedreceive(queue, got, sizeof(got), nullptr, &t) == 1))
ORDER("msgsnd msgrcv", Message m; MUST(msgsnd(old_queue, &m, 8, 0) == 0), Message m;
      MUST(msgrcv(old_queue, &m, 8, 0, 0) == 8))
ORDER("semop", Add(0, 1), Add(0, -1))
ORDER("semtimedop", AddWithin(1, 1), AddWithin(1, -1))
ORDER("semctl", MUST(semctl(semaphores, 2, SETVAL, 1) == 0), Add(2, -1))
ORDER("semop", Add(3, 1); Add(3, -1), Add(3, 0))

ORDER("kill sigwait", MUST(kill(getpid(), SIGUSR1) == 0), AwaitSignal())
ORDER("sigwaitinfo", MUST(kill(getpid(), SIGUSR1) == 0), siginfo_t info;
      MUST(sigwaitinfo(&used, &info) == SIGUSR1))
ORDER("sigtimedwait", MUST(kill(getpid(), SIGUSR1) == 0), siginfo_t info; 
      MUST(sigtimedwait(&used, &info, &minute) == SIGUSR1))
ORDER("sigqueue", MUST(sigqueue(getpid(), SIGUSR2, sigval{}) == 0), AwaitSignal())
ORDER("alarm", alarm(1), AwaitSignal())
ORDER("ualarm", ualarm(1, 0), AwaitSignal())
ORDER("setitimer", MUST(setitimer(ITIMER_REAL, &soon, nullptr) == 0), AwaitSignal())

static sem_t noticed;
static void Noticed(sigval) {
  data = 3;
  MUST(sem_post(&noticed) == 0);
}
// The message's sender before the notice.
static void AskForNotice() {
  sigevent event = {};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = Noticed;
  MUST(mq_notify(queue, &event) == 0);
}
// Who installs a handler is ordered before what it does.
static void Handle(int) { data = 3; }
static void Raise() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  raise(SIGUSR2);
}
ORDER("signal raise", MUST(signal(SIGUSR2, Handle) != SIG_ERR), Raise())
ORDER("bsd_signal", MUST(bsd_signal(SIGUSR2, Handle) != SIG_ERR), Raise())
ORDER("ssignal", MUST(ssignal(SIGUSR2, Handle) != SIG_ERR), Raise())
ORDER("sysv_signal", MUST(sysv_signal(SIGUSR2, Handle) != SIG_ERR), Raise())
ORDER("__sysv_signal", MUST(__sysv_signal(SIGUSR2, Handle) != SIG_ERR), Raise())
ORDER("killpg", MUST(killpg(0, SIGUSR1) == 0), AwaitSignal())
ORDER("mq_notify", AskForNotice(); data = 4; MUST(mq_send(queue, "a", 1, 0) == 0),
      MUST(mq_receive(queue, got, sizeof(got), nullptr) == 1);
      MUST(sem_wait(&noticed) == 0))
ORDER("mq_close", MUST(mq_send(queue, "a", 1, 0) == 0); MUST(mq_close(queue) == 0), Receive())
