// Force-included into every file of the runtime: what the compiler turns into calls of memcpy and
// friends must not end in our own interceptors of the same name.
#pragma once

__asm__(".set memcpy, __csan_internal_memcpy");
__asm__(".set memmove, __csan_internal_memmove");
__asm__(".set memset, __csan_internal_memset");
__asm__(".set memcmp, __csan_internal_memcmp");
