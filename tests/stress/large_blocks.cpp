// Large blocks of which little is used are freed, by the only actor there is and handed over between two, and
// what they lay on is used again, also in a forked child. Nothing may be found, and memory may not grow by
// what was never touched. bug=1 reads of a freed block, 2 writes, where nobody ever was.
#include "support.h"

#include <sys/wait.h>
#include <unistd.h>

namespace {

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
char* handed = nullptr;
size_t handed_size = 0;

// Some bytes here and there, and all of a part.
void Use(char* block, size_t size) {
  memset(block + size / 3, 1, size / 3 < 100000 ? size / 3 : 100000);
  for (size_t at = 0; at < size; at += size / 7) block[at]++;
  block[size - 1]++;
}

void FreeSeveral(size_t most) {
  char* blocks[6];
  for (size_t i = 0; i < 6; i++) {
    const size_t size = (most >> i) + 16 * i + 1;
    blocks[i] = static_cast<char*>(malloc(size));
    Use(blocks[i], size);
  }
  for (char* block : blocks) free(block);
}

// What is in a block moves with it.
void Resize(size_t from, size_t to) {
  char* block = static_cast<char*>(malloc(from));
  const size_t kept = from < to ? from : to;
  for (size_t at = 0; at < kept; at += kept / 9) block[at] = static_cast<char>(at % 251 + 1);
  block[kept - 1] = 77;
  block = static_cast<char*>(realloc(block, to));
  for (size_t at = 0; at < kept - 1; at += kept / 9) {
    Expect(block[at] == static_cast<char>(at % 251 + 1), "lost in a block that was moved");
  }
  Expect(block[kept - 1] == 77, "lost at the end of a block that was moved");
  Use(block, to);
  free(block);
}

void ResizeSeveral() {
  Resize(size_t{1} << 30, size_t{2} << 30);
  Resize((size_t{1} << 30) + 5, (700 << 20) + 3);
  Resize(3 << 20, 5 << 20);
  Resize(100000, 3 << 20);
  Resize(3 << 20, 100000);
}

void* HandOver(void*) {
  for (size_t i = 0; i < 60; i++) {
    const size_t size = (64 << 20) + (i % 7 << 20) + i;
    char* fresh = static_cast<char*>(malloc(size));
    Use(fresh, size);
    pthread_mutex_lock(&mutex);
    char* const theirs = handed;
    if (theirs != nullptr) Use(theirs, handed_size);
    handed = fresh;
    handed_size = size;
    pthread_mutex_unlock(&mutex);
    free(theirs);
    char* const small = static_cast<char*>(calloc(1, 8 << 20));
    Use(small, 8 << 20);
    free(small);
  }
  return nullptr;
}

void InTwoThreads() {
  const pthread_t a = StartThread(HandOver, nullptr);
  const pthread_t b = StartThread(HandOver, nullptr);
  pthread_join(a, nullptr);
  pthread_join(b, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  const long bug = Argument(argc, argv, "bug", 0);
  const long early = PeakKiB();
  for (int i = 0; i < 4; i++) FreeSeveral(size_t{3} << 30);
  ResizeSeveral();
  if (Argument(argc, argv, "threads", 1) != 0) InTwoThreads();
  const pid_t child = fork();
  if (child == 0) {
    FreeSeveral(1 << 30);
    InTwoThreads();
    ResizeSeveral();
    exit(0);
  }
  int status = -1;
  Expect(waitpid(child, &status, 0) == child && status == 0, "the child has failed");
  InTwoThreads();
  const long late = PeakKiB();
  char* volatile block = static_cast<char*>(malloc(1 << 30));
  Use(block, 1 << 30);
  char* const freed = block;
  free(block);
  if (bug == 1) __asm__ volatile("" : : "r"(*static_cast<volatile char*>(freed + 123456789)));
  if (bug == 2) *static_cast<volatile char*>(freed + 987654321) = 1;
  printf("%ld %ld\n", early, late);
}
