/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Memory by lifetime. A root is one arena: pieces are taken from it and all end together.
 * There are three lifetimes: the process, the request or job, the scratch of a loop. A root belongs
 * to one thread at a time. In sanitizer builds each piece is its own malloc, so that every bound is
 * seen. */
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mem;

/* The place in a root to which mem_rewind returns. */
struct mem_mark {
    size_t bytes;
    void *top;
};

/* Makes a root. Once more than `bytes_max` bytes are taken from it, mem_is_over says so, and the
 * frame turns that into a fault; pieces are still given, up to twice the maximum, where it aborts:
 * every buffer and list has a smaller bound of its own. */
struct mem *mem_new(size_t bytes_max);
/* As mem_new, for a root of which about `bytes` will be taken in all and that then stays for long:
 * it takes no more than that at once. */
struct mem *mem_new_sized(size_t bytes);
void mem_free(struct mem *mem);
bool mem_is_over(const struct mem *mem);

/* Frees all that was taken after `mark`, which came from mem_mark of the same root. */
struct mem_mark mem_mark(struct mem *mem);
void mem_rewind(struct mem *mem, struct mem_mark mark);
/* How often that was done: who remembers a piece of it knows by this that it may be gone. */
int64_t mem_rewinds(const struct mem *mem);

/* A new piece, zeroed, aligned for any type. Never NULL: when memory is out, the process ends. */
void *mem_alloc(struct mem *mem, size_t bytes);
/* The same, but what it holds is whatever was there: for who writes all of it. */
void *mem_alloc_raw(struct mem *mem, size_t bytes);
void *mem_copy(struct mem *mem, const void *bytes, size_t count);

/* New NUL-ended strings. */
char *mem_strdup(struct mem *mem, const char *text);
char *mem_strndup(struct mem *mem, const char *text, size_t length);
/* The texts one after the other; mem_printf takes three times as long. */
#define mem_join(mem, ...) mem_join_texts((mem), (const char *const[]){__VA_ARGS__, NULL})
char *mem_join_texts(struct mem *mem, const char *const texts[]);
char *mem_printf(struct mem *mem, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *mem_vprintf(struct mem *mem, const char *format, va_list values)
    __attribute__((format(printf, 2, 0)));

#define MEM_NEW(mem, type) ((type *)mem_alloc((mem), sizeof(type)))
#define MEM_ARRAY(mem, type, count) ((type *)mem_alloc((mem), sizeof(type) * (size_t)(count)))
