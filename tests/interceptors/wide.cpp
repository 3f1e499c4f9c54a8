// Wide strings.
#include "case.h"

#include <wchar.h>

static wchar_t text[32] = L"one two";
static wchar_t same[32] = L"one two";
static wchar_t into[32];
static char narrow[32] = "one two";

ACCESS("wcslen", text + 7, sink = (long)wcslen(text))
ACCESS("wcsnlen", text + 3, sink = (long)wcsnlen(text, 4))
ACCESS("wcscpy", into + 7, wcscpy(into, text))
ACCESS("wcsncpy", into + 9, wcsncpy(into, text, 10))
ACCESS("wcscat", into + 4, into[0] = 0; wcscat(into, text))
ACCESS("wcscmp", text + 7, sink = wcscmp(text, same))
ACCESS("wcsncmp", text + 3, sink = wcsncmp(text, same, 4))
ACCESS("wcschr", text + 4, sink = (long)wcschr(text, L't'))
ACCESS("wmemcpy", text + 3, wmemcpy(into, text, 4))
ACCESS("wmemmove", into + 3, wmemmove(into, text, 4))
ACCESS("wmemset", into + 3, wmemset(into, L'x', 4))
ACCESS("wmemcmp", text + 3, sink = wmemcmp(text, same, 4))
ACCESS("mbstowcs", into + 3, sink = (long)mbstowcs(into, narrow, 4))
ACCESS("wcstombs", narrow + 3, sink = (long)wcstombs(narrow, text, 4))
