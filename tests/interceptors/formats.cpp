// What formatted output reads and formatted input stores by its arguments.
#include "case.h"

#include <wchar.h>

extern "C" {
int __isoc99_sscanf(const char*, const char*, ...);
int __isoc99_vsscanf(const char*, const char*, va_list);
int __isoc99_vscanf(const char*, va_list);
int gnu_sscanf(const char*, const char*, ...) __asm__("sscanf");
int gnu_vsscanf(const char*, const char*, va_list) __asm__("vsscanf");
int gnu_fscanf(FILE*, const char*, ...) __asm__("fscanf");
int gnu_vfscanf(FILE*, const char*, va_list) __asm__("vfscanf");
int gnu_scanf(const char*, ...) __asm__("scanf");
int gnu_vscanf(const char*, va_list) __asm__("vscanf");
}

static char into[256];
static char text[16] = "one";
static wchar_t wide[16] = L"one";
static char source[32] = "12 34 word 1.5";
static int number, other, count;
static long big;
static short small;
static double real;
static long double extended;
static char word[16];
static char* fresh;
static FILE* nothing;
static FILE* numbers;

__attribute__((constructor)) static void Open() {
  nothing = fopen("/dev/null", "w");
  numbers = tmpfile();
  MUST(fprintf(numbers, "12 34 word") > 0);
  stdin = numbers;
}
static FILE* Numbers() {
  rewind(numbers);
  return numbers;
}

ACCESS("snprintf", text + 1, snprintf(into, 64, "%d %5.2f %s", 1, 2.0, text))
ACCESS("sprintf", text + 1, sprintf(into, "%*d%%%Lf%m %-8s", 3, 1, 2.0L, text))
ACCESS("snprintf", text + 1, snprintf(into, 64, "%.*s", 2, text))
ACCESS("snprintf", wide + 1, snprintf(into, 64, "%hhd %lld %zu %p %ls", 1, 2LL, 3ul, into, wide))
ACCESS("snprintf", &count, snprintf(into, 64, "%c%n", 'a', &count))
ACCESS("asprintf", text + 1, MUST(asprintf(&fresh, "%s", text) == 3); free(fresh))
ACCESS("vsnprintf", text + 1, Listed([](va_list list) { vsnprintf(into, 64, "%s", list); }, text))
ACCESS("fprintf", text + 1, fprintf(nothing, "%s", text))
ACCESS("vfprintf", text + 1, Listed([](va_list list) { vfprintf(nothing, "%s", list); }, text))
ACCESS("dprintf", text + 1, dprintf(fileno(nothing), "%s", text))
ACCESS("vdprintf", text + 1, Listed([](va_list list) { vdprintf(fileno(nothing), "%s", list); }, text))

// Not what is not printed, and not behind what is not known.
static void Unprinted() {
  snprintf(into, 64, "%.1s", text);
  snprintf(into, 64, "%2$s %1$d", 1, "two");
  sscanf(source, "%*d %d", &other);
  MUST(sscanf("x", "%d %s", &other, word) == 0);
}
static void* WriteBehind(void*) {
  text[1] = 'n';
  word[0] = 'w';
  return nullptr;
}
ACCESS("snprintf", text, pthread_t thread; pthread_create(&thread, nullptr, WriteBehind, nullptr);
       Unprinted(); pthread_join(thread, nullptr))

ACCESS("__isoc99_sscanf", source + 10, MUST(__isoc99_sscanf(source, "%d", &number) == 1))
ACCESS("__isoc99_sscanf", &other, MUST(__isoc99_sscanf(source, "%d%d", &number, &other) == 2))
ACCESS("__isoc99_sscanf", word + 4, MUST(__isoc99_sscanf(source, "%*d %*d%15s", word) == 1))
ACCESS("__isoc99_sscanf", &real, MUST(__isoc99_sscanf(source, "%*d%*d %*[a-z] %lf", &real) == 1))
ACCESS("__isoc99_sscanf", &extended, MUST(__isoc99_sscanf(source, "%La", &extended) == 1))
ACCESS("__isoc99_sscanf", &big, MUST(__isoc99_sscanf(source, "%hd %ld", &small, &big) == 2))
ACCESS("__isoc99_sscanf", &fresh, MUST(__isoc99_sscanf(source, "%m[]0-9]", &fresh) == 1))
ACCESS("__isoc99_sscanf", word + 1, MUST(__isoc99_sscanf(source, "%2c", word) == 1))
ACCESS("__isoc99_vsscanf", &number,
       Listed([](va_list list) { MUST(__isoc99_vsscanf(source, "%d", list) == 1); }, &number))
ACCESS("sscanf", &fresh, MUST(gnu_sscanf(source, "%as", &fresh) == 1))
ACCESS("vsscanf", &number,
       Listed([](va_list list) { MUST(gnu_vsscanf(source, "%d", list) == 1); }, &number))
ACCESS("fscanf", &other, MUST(gnu_fscanf(Numbers(), "%d %d", &number, &other) == 2))
ACCESS("vfscanf", &number,
       Listed([](va_list list) { MUST(gnu_vfscanf(Numbers(), "%d", list) == 1); }, &number))
ACCESS("scanf", &number, Numbers(); MUST(gnu_scanf("%d", &number) == 1))
ACCESS("vscanf", &number, Numbers();
       Listed([](va_list list) { MUST(gnu_vscanf("%d", list) == 1); }, &number))
ACCESS("__isoc99_vscanf", &number, Numbers();
       Listed([](va_list list) { MUST(__isoc99_vscanf("%d", list) == 1); }, &number))
