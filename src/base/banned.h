/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Functions that this house does not use, refused by the compiler: the build includes this file
 * before every source. Memory comes from base/mem.h, text from base/str.h and base/buf.h, time from
 * sys/clock.h and sys/zone.h, randomness from sys/crypt.h. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(name) sorry_##name##_is_a_banned_function

#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef strtok
#undef atoi
#undef atol
#undef gmtime
#undef localtime
#undef system
#undef rand
#undef srand
#define strcpy(a, b) BANNED(strcpy)
#define strcat(a, b) BANNED(strcat)
#define strncpy(a, b, n) BANNED(strncpy)
#define strncat(a, b, n) BANNED(strncat)
#define sprintf(...) BANNED(sprintf)
#define vsprintf(...) BANNED(vsprintf)
#define strtok(a, b) BANNED(strtok)
#define atoi(a) BANNED(atoi)
#define atol(a) BANNED(atol)
#define gmtime(t) BANNED(gmtime)
#define localtime(t) BANNED(localtime)
#define system(c) BANNED(system)
#define rand() BANNED(rand)
#define srand(n) BANNED(srand)

/* base/mem.c alone takes these back. */
#undef malloc
#undef calloc
#undef realloc
#undef free
#define malloc(n) BANNED(malloc)
#define calloc(n, m) BANNED(calloc)
#define realloc(p, n) BANNED(realloc)
#define free(p) BANNED(free)
