/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The one place that asks the C library for memory. In the ordinary build a root is a few chunks of
 * which pieces are cut: a request's hundreds of small ones cost an addition each and end together.
 * In sanitizer builds each piece is its own malloc, so that the sanitizer sees the bounds of every
 * piece and every use after a rewind. Both count bytes in the same way, so that limits do not
 * depend on the build. */
#include "base/mem.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* base/banned.h came first and forbids these to everybody else. */
#undef malloc
#undef free

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MEM_EACH_PIECE_ALONE 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define MEM_EACH_PIECE_ALONE 1
#endif

enum {
    CHUNK_BYTES = 32 * 1024 - 64, /* with malloc's own words it stays below eight pages */
    PRINTED_BYTES = 512,
    CHUNK_OWN_BYTES = 64,     /* the chunk's words, and what alignment takes */
    PIECE_BYTES_MAX = 1 << 30 /* no size is near to overflow */
};

static void *allocate(size_t bytes)
{
    void *piece = malloc(bytes);
    if (!piece) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return piece;
}

#ifdef MEM_EACH_PIECE_ALONE

/* The bytes stand apart from the list's node, so that writing before them is seen as well. */
struct piece {
    struct piece *before;
    void *bytes;
};

struct pieces {
    struct piece *last;
};

static void pieces_begin(struct pieces *pieces, size_t chunk_bytes)
{
    (void)chunk_bytes;
    pieces->last = NULL;
}

static void *pieces_take(struct pieces *pieces, size_t bytes)
{
    struct piece *piece = allocate(sizeof *piece);
    piece->bytes = allocate(bytes ? bytes : 1);
    piece->before = pieces->last;
    pieces->last = piece;
    return piece->bytes;
}

static void *pieces_top(struct pieces *pieces)
{
    return pieces->last;
}

static void pieces_rewind(struct pieces *pieces, const void *top)
{
    while (pieces->last != top) {
        struct piece *piece = pieces->last;
        assert(piece);
        pieces->last = piece->before;
        free(piece->bytes);
        free(piece);
    }
}

static void pieces_end(struct pieces *pieces)
{
    pieces_rewind(pieces, NULL);
}

#else

struct chunk {
    alignas(max_align_t) struct chunk *before;
    char *end;
};

struct pieces {
    struct chunk *last;
    char *at; /* where the next piece begins, in the last chunk */
    size_t chunk_bytes;
};

static void chunk_begin(struct pieces *pieces, size_t bytes)
{
    size_t needed = sizeof(struct chunk) + bytes;
    size_t size = needed > pieces->chunk_bytes ? needed : pieces->chunk_bytes;
    struct chunk *chunk = allocate(size);
    *chunk = (struct chunk){.before = pieces->last, .end = (char *)chunk + size};
    pieces->last = chunk;
    pieces->at = (char *)(chunk + 1);
}

static void pieces_begin(struct pieces *pieces, size_t chunk_bytes)
{
    *pieces = (struct pieces){.chunk_bytes = chunk_bytes};
    chunk_begin(pieces, 0);
}

static void *pieces_take(struct pieces *pieces, size_t bytes)
{
    size_t aligned = (bytes + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (aligned > (size_t)(pieces->last->end - pieces->at))
        chunk_begin(pieces, aligned);
    char *piece = pieces->at;
    pieces->at += aligned;
    return piece;
}

static void *pieces_top(struct pieces *pieces)
{
    return pieces->at;
}

static void chunk_end(struct pieces *pieces)
{
    struct chunk *chunk = pieces->last;
    pieces->last = chunk->before;
    free(chunk);
}

/* The chunks that were begun since do not hold that place, not even at their ends. */
static void pieces_rewind(struct pieces *pieces, void *top)
{
    while ((uintptr_t)top <= (uintptr_t)pieces->last ||
           (uintptr_t)top > (uintptr_t)pieces->last->end)
        chunk_end(pieces);
    pieces->at = top;
}

static void pieces_end(struct pieces *pieces)
{
    while (pieces->last)
        chunk_end(pieces);
}

#endif

struct mem {
    struct pieces pieces;
    size_t bytes;
    size_t bytes_max;
    int64_t rewinds;
};

static struct mem *mem_begin(size_t bytes_max, size_t chunk_bytes)
{
    struct mem *mem = allocate(sizeof *mem);
    pieces_begin(&mem->pieces, chunk_bytes);
    mem->bytes = 0;
    mem->bytes_max = bytes_max;
    mem->rewinds = 0;
    return mem;
}

struct mem *mem_new(size_t bytes_max)
{
    return mem_begin(bytes_max, CHUNK_BYTES);
}

struct mem *mem_new_sized(size_t bytes)
{
    assert(bytes <= PIECE_BYTES_MAX);
    return mem_begin(bytes, bytes + CHUNK_OWN_BYTES);
}

void mem_free(struct mem *mem)
{
    if (!mem)
        return;
    pieces_end(&mem->pieces);
    free(mem);
}

bool mem_is_over(const struct mem *mem)
{
    return mem->bytes > mem->bytes_max;
}

struct mem_mark mem_mark(struct mem *mem)
{
    return (struct mem_mark){.bytes = mem->bytes, .top = pieces_top(&mem->pieces)};
}

void mem_rewind(struct mem *mem, struct mem_mark mark)
{
    assert(mark.bytes <= mem->bytes);
    pieces_rewind(&mem->pieces, mark.top);
    mem->bytes = mark.bytes;
    mem->rewinds++;
}

int64_t mem_rewinds(const struct mem *mem)
{
    return mem->rewinds;
}

static void *mem_take(struct mem *mem, size_t bytes)
{
    assert(bytes <= PIECE_BYTES_MAX);
    mem->bytes += bytes;
    assert(mem->bytes / 2 <= mem->bytes_max);
    return pieces_take(&mem->pieces, bytes);
}

void *mem_alloc(struct mem *mem, size_t bytes)
{
    return memset(mem_take(mem, bytes), 0, bytes);
}

void *mem_alloc_raw(struct mem *mem, size_t bytes)
{
    return mem_take(mem, bytes);
}

void *mem_copy(struct mem *mem, const void *bytes, size_t count)
{
    void *copy = mem_take(mem, count);
    if (count)
        memcpy(copy, bytes, count);
    return copy;
}

char *mem_strdup(struct mem *mem, const char *text)
{
    return mem_copy(mem, text, strlen(text) + 1);
}

char *mem_strndup(struct mem *mem, const char *text, size_t length)
{
    char *copy = mem_take(mem, length + 1);
    if (length)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *mem_join_texts(struct mem *mem, const char *const texts[])
{
    size_t length = 0;
    for (int i = 0; texts[i]; i++)
        length += strlen(texts[i]);
    char *joined = mem_take(mem, length + 1);
    char *end = joined;
    for (int i = 0; texts[i]; i++)
        end = stpcpy(end, texts[i]);
    *end = '\0';
    return joined;
}

char *mem_vprintf(struct mem *mem, const char *format, va_list values)
{
    char first[PRINTED_BYTES]; /* nearly all of them fit, and are not written twice */
    va_list again;
    va_copy(again, values);
    int length = vsnprintf(first, sizeof first, format, values);
    assert(length >= 0);
    char *text = mem_take(mem, (size_t)length + 1);
    if ((size_t)length < sizeof first)
        memcpy(text, first, (size_t)length + 1);
    else
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *mem_printf(struct mem *mem, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    char *text = mem_vprintf(mem, format, values);
    va_end(values);
    return text;
}
