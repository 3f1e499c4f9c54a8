#pragma once

#ifdef __cplusplus
extern "C" {
#endif

void CounterAdd(int n);
int CounterValue(void);
int Odd(void);   // odd.s
int Even(void);  // even.S

#ifdef __cplusplus
}
#endif
