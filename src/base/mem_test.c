/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Arenas: what they give, what a rewind takes back, and where they say that it is too much. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

static void a_piece_is_zeroed_and_aligned_for_any_type(void **state)
{
    (void)state;
    struct mem *mem = mem_new(1 << 20);
    for (size_t bytes = 0; bytes < 300; bytes++) {
        unsigned char *piece = mem_alloc(mem, bytes);
        assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < bytes; i++)
            assert_int_equal(piece[i], 0);
        memset(piece, 0xAA, bytes);
    }
    mem_free(mem);
}

static void a_piece_is_zeroed_again_after_a_rewind(void **state)
{
    (void)state;
    struct mem *mem = mem_new(1 << 20);
    struct mem_mark mark = mem_mark(mem);
    memset(mem_alloc(mem, 1000), 0xAA, 1000);
    mem_rewind(mem, mark);
    unsigned char *piece = mem_alloc(mem, 1000);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(piece[i], 0);
    mem_free(mem);
}

/* Around the size of a chunk: at its end, just before, behind it. */
static void a_mark_may_be_anywhere(void **state)
{
    enum { CHUNK_BYTES = 32 * 1024 };
    (void)state;
    for (size_t bytes = CHUNK_BYTES - 256; bytes < CHUNK_BYTES + 64; bytes += 8) {
        struct mem *mem = mem_new(1 << 20);
        unsigned char *kept = mem_alloc(mem, bytes);
        memset(kept, 0xAA, bytes);
        struct mem_mark mark = mem_mark(mem);
        for (int round = 0; round < 3; round++) {
            memset(mem_alloc(mem, 100), round, 100);
            memset(mem_alloc(mem, 2 * CHUNK_BYTES), round, 2 * CHUNK_BYTES);
            mem_rewind(mem, mark);
        }
        assert_string_equal(mem_strdup(mem, "new"), "new");
        assert_int_equal(kept[bytes - 1], 0xAA);
        mem_free(mem);
    }
}

static void texts_are_joined(void **state)
{
    (void)state;
    struct mem *mem = mem_new(1 << 20);
    assert_string_equal(mem_join(mem, "a", "", "bc", "-"), "abc-");
    assert_string_equal(mem_join(mem, ""), "");
    mem_free(mem);
}

static void a_rewind_keeps_what_came_before_the_mark(void **state)
{
    (void)state;
    struct mem *mem = mem_new(1 << 20);
    char *kept = mem_strdup(mem, "kept");
    struct mem_mark mark = mem_mark(mem);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100; i++)
            memset(mem_alloc(mem, 1000), round, 1000);
        mem_rewind(mem, mark);
    }
    assert_string_equal(kept, "kept");
    assert_string_equal(mem_strdup(mem, "new"), "new");
    mem_free(mem);
}

/* The first chunk of an arena must not vanish when a piece larger than a chunk follows the mark. */
static void a_mark_on_an_empty_root_survives_a_large_piece(void **state)
{
    (void)state;
    struct mem *mem = mem_new(1 << 20);
    struct mem_mark mark = mem_mark(mem);
    memset(mem_alloc(mem, 300000), 1, 300000);
    mem_rewind(mem, mark);
    memset(mem_alloc(mem, 300000), 2, 300000);
    mem_rewind(mem, mark);
    assert_string_equal(mem_strdup(mem, "fine"), "fine");
    mem_free(mem);
}

static void marks_nest(void **state)
{
    (void)state;
    struct mem *mem = mem_new(1 << 20);
    struct mem_mark outer = mem_mark(mem);
    char *a = mem_strdup(mem, "a");
    struct mem_mark inner = mem_mark(mem);
    mem_strdup(mem, "b");
    mem_rewind(mem, inner);
    assert_string_equal(a, "a");
    mem_rewind(mem, outer);
    mem_free(mem);
}

static void a_root_says_when_it_is_over_and_a_rewind_forgives(void **state)
{
    (void)state;
    struct mem *mem = mem_new(1000);
    struct mem_mark mark = mem_mark(mem);
    mem_alloc(mem, 1000);
    assert_false(mem_is_over(mem));
    mem_alloc(mem, 1);
    assert_true(mem_is_over(mem));
    mem_rewind(mem, mark);
    assert_false(mem_is_over(mem));
    mem_free(mem);
}

static void beyond_twice_the_maximum_the_process_ends(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        close(STDERR_FILENO);
        struct mem *mem = mem_new(1000);
        mem_alloc(mem, 2002);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void strings_are_copies_of_their_own(void **state)
{
    (void)state;
    struct mem *mem = mem_new(1 << 20);
    char text[] = "été";
    char *whole = mem_strdup(mem, text);
    char *part = mem_strndup(mem, text, 2);
    text[0] = 'X';
    assert_string_equal(whole, "été");
    assert_string_equal(part, "é");
    assert_string_equal(mem_strndup(mem, NULL, 0), "");
    assert_memory_equal(mem_copy(mem, "a\0b", 3), "a\0b", 3);
    assert_string_equal(mem_printf(mem, "%s of %d", "one", 2), "one of 2");
    mem_free(mem);
}

static void freeing_nothing_is_allowed(void **state)
{
    (void)state;
    mem_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_piece_is_zeroed_and_aligned_for_any_type),
        cmocka_unit_test(a_piece_is_zeroed_again_after_a_rewind),
        cmocka_unit_test(a_mark_may_be_anywhere),
        cmocka_unit_test(texts_are_joined),
        cmocka_unit_test(a_rewind_keeps_what_came_before_the_mark),
        cmocka_unit_test(a_mark_on_an_empty_root_survives_a_large_piece),
        cmocka_unit_test(marks_nest),
        cmocka_unit_test(a_root_says_when_it_is_over_and_a_rewind_forgives),
        cmocka_unit_test(beyond_twice_the_maximum_the_process_ends),
        cmocka_unit_test(strings_are_copies_of_their_own),
        cmocka_unit_test(freeing_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
