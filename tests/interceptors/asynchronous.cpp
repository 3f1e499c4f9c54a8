// Operations that go on while the program does: who submits is ordered before the operation, and the
// operation before who learns that it is over. Their buffers are touched by the operation.
#include "case.h"

#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <semaphore.h>
#include <signal.h>

static int file;
static char buffer[16];
static char message[16] = "0123456789";
static aiocb now;
static aiocb64 wide;
static aiocb* list[] = {&now};
static aiocb64* wide_list[] = {&wide};
static gaicb request;
static gaicb* requests[] = {&request};
static char name[] = "127.0.0.1";
static sem_t noticed;

__attribute__((constructor)) static void Open() {
  file = fileno(tmpfile());
  MUST(pwrite(file, message, 10, 0) == 10);
}
template <typename Block>
static Block* Fresh(Block* block, void* at, int what) {
  memset(block, 0, sizeof(*block));
  block->aio_fildes = file;
  block->aio_buf = at;
  block->aio_nbytes = 10;
  block->aio_lio_opcode = what;
  block->aio_sigevent.sigev_notify = SIGEV_NONE;
  return block;
}
static aiocb* Reading() { return Fresh(&now, buffer, LIO_READ); }
static aiocb* Writing() { return Fresh(&now, message, LIO_WRITE); }
static aiocb64* WideReading() { return Fresh(&wide, buffer, LIO_READ); }
static aiocb64* WideWriting() { return Fresh(&wide, message, LIO_WRITE); }

static void Await() {
  while (aio_error(&now) == EINPROGRESS) usleep(100);
}
static void AwaitWide() {
  while (aio_error64(&wide) == EINPROGRESS) usleep(100);
}
// As seen by nobody.
UNSEEN static void AwaitUnseen(const int* error) {
  while (__atomic_load_n(error, __ATOMIC_ACQUIRE) == EINPROGRESS) sched_yield();
}
static void AwaitRequest() {
  while (gai_error(&request) == EAI_INPROGRESS) usleep(100);
}
static gaicb** Asking() {
  memset(&request, 0, sizeof(request));
  request.ar_name = name;
  return requests;
}

ORDER("aio_write aio_error", MUST(aio_write(Writing()) == 0), Await())
ORDER("aio_write64 aio_error64", MUST(aio_write64(WideWriting()) == 0), AwaitWide())
ORDER("aio_fsync aio_return", MUST(aio_fsync(O_SYNC, Writing()) == 0), AwaitUnseen(&now.__error_code);
      MUST(aio_return(&now) == 0))
ORDER("aio_fsync64 aio_return64", MUST(aio_fsync64(O_SYNC, WideWriting()) == 0),
      AwaitUnseen(&wide.__error_code);
      MUST(aio_return64(&wide) == 0))
ORDER("aio_read aio_suspend", MUST(aio_read(Reading()) == 0),
      MUST(aio_suspend(list, 1, nullptr) == 0))
ORDER("aio_read64 aio_suspend64", MUST(aio_read64(WideReading()) == 0),
      MUST(aio_suspend64(wide_list, 1, nullptr) == 0))
ORDER("aio_cancel", MUST(aio_read(Reading()) == 0), AwaitUnseen(&now.__error_code);
      MUST(aio_cancel(file, &now) == AIO_ALLDONE))
ORDER("aio_cancel64", MUST(aio_read64(WideReading()) == 0), AwaitUnseen(&wide.__error_code);
      MUST(aio_cancel64(file, nullptr) == AIO_ALLDONE))
ORDER("lio_listio", Reading(); MUST(lio_listio(LIO_NOWAIT, list, 1, nullptr) == 0), Await())
ORDER("lio_listio64", WideReading(); MUST(lio_listio64(LIO_NOWAIT, wide_list, 1, nullptr) == 0),
      AwaitWide())
ORDER("getaddrinfo_a gai_error", MUST(getaddrinfo_a(GAI_NOWAIT, Asking(), 1, nullptr) == 0),
      AwaitRequest())
ORDER("getaddrinfo_a gai_suspend", MUST(getaddrinfo_a(GAI_NOWAIT, Asking(), 1, nullptr) == 0),
      gai_suspend(requests, 1, nullptr))
ORDER("getaddrinfo_a gai_cancel", MUST(getaddrinfo_a(GAI_NOWAIT, Asking(), 1, nullptr) == 0),
      while (gai_cancel(&request) != EAI_ALLDONE) sched_yield())

ACCESS("aio_read", buffer, MUST(aio_read(Reading()) == 0); Await())
ACCESS("aio_read64", buffer, MUST(aio_read64(WideReading()) == 0); AwaitWide())
ACCESS("aio_write", message, MUST(aio_write(Writing()) == 0); Await())
ACCESS("aio_write64", message, MUST(aio_write64(WideWriting()) == 0); AwaitWide())
ACCESS("lio_listio", buffer, Reading(); MUST(lio_listio(LIO_WAIT, list, 1, nullptr) == 0))
ACCESS("lio_listio64", buffer, WideReading(); MUST(lio_listio64(LIO_WAIT, wide_list, 1, nullptr) == 0))
ACCESS("getaddrinfo_a", name, MUST(getaddrinfo_a(GAI_WAIT, Asking(), 1, nullptr) == 0))

// A signal for the end.
static void AwaitSignal() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  int signal;
  MUST(sigwait(&set, &signal) == 0);
}
__attribute__((constructor)) static void Block() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  MUST(pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0);
}
static sigevent Signal() {
  sigevent event = {};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGUSR1;
  return event;
}
ORDER("aio_read", Reading()->aio_sigevent = Signal(); MUST(aio_read(&now) == 0), AwaitSignal())
ORDER("lio_listio", Reading(); sigevent event = Signal();
      MUST(lio_listio(LIO_NOWAIT, list, 1, &event) == 0), AwaitSignal())
