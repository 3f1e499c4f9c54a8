// Texts and numbers (runtime/frontend/libc/calls.def): the first thread has written to what the call reads or
// fills.
#include "case.h"

#include <errno.h>
#include <execinfo.h>
#include <inttypes.h>
#include <math.h>
#include <regex.h>
#include <search.h>
#include <wchar.h>

extern "C" int __xpg_strerror_r(int, char*, size_t);

static random_data state;
static char memory[64];
static drand48_data state48;
static int32_t random_got;
static long long_got;
static double double_got;
static unsigned seed;
static char decimal[] = "12x";
static char* end;
static char text[64];
static char words[] = "one two";
static regex_t expression;
static regmatch_t matches[3];
static wchar_t wide;
static mbstate_t shift;
static int exponent;
static size_t count = 1;
static int key, element;
static void* frames[8];

__attribute__((constructor)) static void Open() {
  MUST(initstate_r(1, memory, sizeof(memory), &state) == 0);
  MUST(regcomp(&expression, "t(w)o", REG_EXTENDED) == 0);
}
static int Compare(const void*, const void*) { return 0; }

ACCESS("random_r", &random_got, MUST(random_r(&state, &random_got) == 0))
ACCESS("random_r", &state, MUST(random_r(&state, &random_got) == 0))
ACCESS("srandom_r", &state, MUST(srandom_r(2, &state) == 0))
ACCESS("initstate_r", &state, MUST(initstate_r(1, memory, sizeof(memory), &state) == 0))
ACCESS("rand_r", &seed, rand_r(&seed))
ACCESS("drand48_r", &state48, drand48_r(&state48, &double_got))
ACCESS("drand48_r", &double_got, drand48_r(&state48, &double_got))
ACCESS("lrand48_r", &long_got, lrand48_r(&state48, &long_got))
ACCESS("mrand48_r", &long_got, mrand48_r(&state48, &long_got))
ACCESS("srand48_r", &state48, srand48_r(1, &state48))
ACCESS("strtoimax", decimal + 2, MUST(strtoimax(decimal, &end, 10) == 12))
ACCESS("strtoumax", &end, MUST(strtoumax(decimal, &end, 10) == 12))
ACCESS("strtok", words, MUST(strtok(words, " ") == words))
ACCESS("strtok", (strtok(decimal, " "), &seed), strcpy(text, "a b"); MUST(strtok(text, " ") == text))
ACCESS("strerror_r", text, MUST(strerror_r(9999, text, sizeof(text)) == text))
ACCESS("__xpg_strerror_r", text, MUST(__xpg_strerror_r(EINVAL, text, sizeof(text)) == 0))
ACCESS("regcomp", &expression, MUST(regcomp(&expression, "t(w)o", REG_EXTENDED) == 0))
ACCESS("regexec", &matches[2], MUST(regexec(&expression, "two", 3, matches, 0) == 0))
ACCESS("regexec", words + 4, regexec(&expression, words + 4, 3, matches, 0))
ACCESS("mbrtowc", &wide, MUST(mbrtowc(&wide, "a", 1, &shift) == 1))
ACCESS("mbrtowc", &shift, MUST(mbrtowc(&wide, "a", 1, &shift) == 1))
ACCESS("wcrtomb", text, MUST(wcrtomb(text, L'a', &shift) == 1))
ACCESS("mbtowc", &wide, MUST(mbtowc(&wide, "a", 1) == 1))
ACCESS("wctomb", text, MUST(wctomb(text, L'a') == 1))
ACCESS("frexp", &exponent, sink = static_cast<long>(frexp(8.0, &exponent)))
ACCESS("modf", &double_got, sink = static_cast<long>(modf(8.5, &double_got)))
ACCESS("lfind", &count, MUST(lfind(&key, &element, &count, sizeof(int), Compare) == &element))
ACCESS("backtrace", &frames[0], MUST(backtrace(frames, 8) > 0))
