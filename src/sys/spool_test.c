/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pieces that one process leaves for another: whole, in their order, or not at all. */
#include "sys/spool.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sys/files_fixture.h"

enum { BYTES_MAX = 100 };

struct place {
    struct mem *mem;
    char root[32];
    const char *folder;
};

static int set_up(void **state)
{
    struct mem *mem = mem_new(64 * 1024 * 1024);
    struct place *place = MEM_NEW(mem, struct place);
    place->mem = mem;
    snprintf(place->root, sizeof place->root, "/tmp/essaim-spool-XXXXXX");
    if (!mkdtemp(place->root))
        return -1;
    place->folder = mem_printf(mem, "%s/in", place->root);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    DIR *dir = opendir(place->folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        remove(mem_printf(place->mem, "%s/%s", place->folder, entry->d_name));
    if (dir)
        closedir(dir);
    rmdir(place->folder);
    int code = rmdir(place->root);
    mem_free(place->mem);
    return code;
}

/* A file to read that from. */
static int file_of(const char *text)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
    close(ends[1]);
    return ends[0];
}

static const char *put(struct place *place, const char *head, const char *text)
{
    int file = file_of(text);
    const char *why = spool_put(place->mem, place->folder, head, file, BYTES_MAX);
    char rest;
    assert_int_equal(read(file, &rest, 1), 0); /* all of it was read */
    close(file);
    return why;
}

static void assert_next(struct place *place, const char *text)
{
    struct spool_piece piece;
    assert_true(spool_take(place->mem, place->folder, 2 * BYTES_MAX, &piece));
    assert_int_equal(piece.count, strlen(text));
    assert_memory_equal(piece.bytes, text, piece.count);
    spool_drop(&piece);
}

static bool is_empty(struct place *place)
{
    struct spool_piece piece;
    return !spool_take(place->mem, place->folder, BYTES_MAX, &piece);
}

static void pieces_come_in_their_order_and_stay_until_they_are_dropped(void **state)
{
    struct place *place = *state;
    assert_true(is_empty(place));
    assert_null(put(place, "To: a\n", "one"));
    assert_null(put(place, "", "two"));
    struct spool_piece piece;
    assert_true(spool_take(place->mem, place->folder, BYTES_MAX, &piece));
    assert_next(place, "To: a\none");
    assert_next(place, "two");
    assert_true(is_empty(place));
}

static void what_is_too_long_is_cut(void **state)
{
    struct place *place = *state;
    char text[3 * BYTES_MAX];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_null(put(place, "", text));
    text[BYTES_MAX] = '\0';
    assert_next(place, text);
}

static void the_folder_is_ones_own(void **state)
{
    struct place *place = *state;
    assert_null(put(place, "", "one"));
    struct stat status;
    struct spool_piece piece;
    assert_int_equal(stat(place->folder, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_true(spool_take(place->mem, place->folder, BYTES_MAX, &piece));
    assert_int_equal(stat(piece.path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void without_a_place_for_it_it_is_said_why(void **state)
{
    struct place *place = *state;
    place->folder = mem_printf(place->mem, "%s/missing/in", place->root);
    int file = file_of("one");
    assert_string_equal(spool_put(place->mem, place->folder, "", file, BYTES_MAX),
                        "No such file or directory");
    close(file);
}

static void what_cannot_be_read_leaves_nothing(void **state)
{
    struct place *place = *state;
    assert_non_null(spool_put(place->mem, place->folder, "To: a\n", -1, BYTES_MAX));
    DIR *dir = opendir(place->folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        assert_true(entry->d_name[0] == '.');
    closedir(dir);
}

static void what_would_not_last_is_told_and_leaves_nothing(void **state)
{
    struct place *place = *state;
    assert_null(put(place, "", "one"));
    assert_next(place, "one");
    int file = file_of("two");
    folder_forget_names(place->root, place->folder);
    const char *why = spool_put(place->mem, place->folder, "", file, BYTES_MAX);
    folder_keep_names(place->folder);
    close(file);
    assert_string_equal(why, "Permission denied");
    assert_true(is_empty(place));
}

static void more_than_a_maximum_does_not_wait(void **state)
{
    struct place *place = *state;
    assert_null(put(place, "", "one"));
    for (int i = 1; i < SPOOL_PIECES_MAX; i++) {
        const char *path = mem_printf(place->mem, "%s/9.%d.piece", place->folder, i);
        int file = open(path, O_CREAT | O_WRONLY, 0600);
        assert_true(file >= 0);
        close(file);
    }
    int file = file_of("more");
    assert_string_equal(spool_put(place->mem, place->folder, "", file, BYTES_MAX),
                        "too many wait already");
    close(file);
    assert_next(place, "one");
    assert_null(put(place, "", "more"));
}

static int count_bad(struct place *place)
{
    int count = 0;
    DIR *dir = opendir(place->folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        count += strstr(entry->d_name, ".piece.bad") != NULL;
    if (dir)
        closedir(dir);
    return count;
}

/* A folder, and links that lead nowhere but to themselves: more than are kept. */
static void what_cannot_be_read_is_put_aside_and_the_others_come(void **state)
{
    struct place *place = *state;
    assert_null(put(place, "", "one"));
    assert_int_equal(mkdir(mem_printf(place->mem, "%s/0.piece", place->folder), 0700), 0);
    for (int i = 1; i < SPOOL_BAD_MAX + 10; i++) {
        const char *path = mem_printf(place->mem, "%s/0.%03d.piece", place->folder, i);
        assert_int_equal(symlink(path, path), 0);
    }
    assert_next(place, "one");
    assert_true(is_empty(place));
    assert_int_equal(count_bad(place), SPOOL_BAD_MAX);
    assert_null(put(place, "", "two"));
    assert_next(place, "two");
}

static void a_draft_is_no_piece_and_an_old_one_goes(void **state)
{
    struct place *place = *state;
    assert_null(put(place, "", "one"));
    const char *draft = mem_printf(place->mem, "%s/draft.abcdef", place->folder);
    int file = open(draft, O_CREAT | O_WRONLY, 0600);
    assert_true(file >= 0);
    assert_next(place, "one");
    assert_true(is_empty(place));
    assert_int_equal(access(draft, F_OK), 0);
    const struct timespec long_ago[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    assert_int_equal(futimens(file, long_ago), 0);
    close(file);
    assert_true(is_empty(place));
    assert_int_not_equal(access(draft, F_OK), 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pieces_come_in_their_order_and_stay_until_they_are_dropped),
        TEST(what_is_too_long_is_cut),
        TEST(the_folder_is_ones_own),
        TEST(without_a_place_for_it_it_is_said_why),
        TEST(what_cannot_be_read_leaves_nothing),
        TEST(what_would_not_last_is_told_and_leaves_nothing),
        TEST(more_than_a_maximum_does_not_wait),
        TEST(what_cannot_be_read_is_put_aside_and_the_others_come),
        TEST(a_draft_is_no_piece_and_an_old_one_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
