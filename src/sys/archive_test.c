/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files go into one file and come out as they were, or nothing is left behind. */
#include "sys/archive.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sys/files_fixture.h"

struct place {
    struct mem *mem;
    char root[40];
    const char *to; /* a folder of it */
    const char *tar;
    struct archived in[3];
    struct archived out[3];
};

static void file_make(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static const char *text_of(struct place *place, const char *path)
{
    char *text = mem_alloc(place->mem, 100);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, 100, file));
    fclose(file);
    return text;
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static int set_up(void **state)
{
    struct mem *mem = mem_new(64 * 1024 * 1024);
    struct place *place = MEM_NEW(mem, struct place);
    place->mem = mem;
    snprintf(place->root, sizeof place->root, "/tmp/essaim-archive-XXXXXX");
    if (!mkdtemp(place->root))
        return -1;
    place->to = mem_printf(mem, "%s/to", place->root);
    place->tar = mem_printf(mem, "%s/all.tar", place->root);
    static const char *const names[] = {"first", "second"};
    for (int i = 0; i < 2; i++) {
        place->in[i] = (struct archived){names[i], mem_printf(mem, "%s/%s", place->root, names[i])};
        place->out[i] = (struct archived){names[i], mem_printf(mem, "%s/%s", place->to, names[i])};
        file_make(place->in[i].path, names[i]);
    }
    *state = place;
    return mkdir(place->to, 0700);
}

static int tear_down(void **state)
{
    struct place *place = *state;
    for (int i = 0; i < 2; i++) {
        unlink(place->in[i].path);
        unlink(place->out[i].path);
    }
    unlink(place->tar);
    rmdir(place->to);
    int code = rmdir(place->root);
    mem_free(place->mem);
    return code;
}

static void make(struct place *place)
{
    const char *error = NULL;
    assert_true(archive_make(place->mem, place->tar, place->in, &error));
    assert_null(error);
}

static bool take(struct place *place)
{
    const char *error = NULL;
    bool taken = archive_take(place->mem, place->tar, place->out, &error);
    assert_int_equal(taken, !error);
    return taken;
}

static void what_goes_in_comes_out(void **state)
{
    struct place *place = *state;
    make(place);
    assert_true(take(place));
    assert_string_equal(text_of(place, place->out[0].path), "first");
    assert_string_equal(text_of(place, place->out[1].path), "second");
}

static void nothing_is_written_over(void **state)
{
    struct place *place = *state;
    const char *error = NULL;
    make(place);
    assert_false(archive_make(place->mem, place->tar, place->in, &error));
    assert_non_null(error);
    file_make(place->out[1].path, "mine");
    assert_false(take(place));
    assert_string_equal(text_of(place, place->out[1].path), "mine");
    assert_false(is_there(place->out[0].path));
}

static void a_byte_that_was_changed_is_seen(void **state)
{
    struct place *place = *state;
    make(place);
    int file = open(place->tar, O_RDWR | O_CLOEXEC);
    static char bytes[64 * 1024];
    ssize_t count = read(file, bytes, sizeof bytes);
    assert_true(count > 0);
    char *content = memmem(bytes + 512, (size_t)count - 512, "first", 5);
    assert_non_null(content);
    assert_int_equal(pwrite(file, "worst", 5, content - bytes), 5);
    close(file);
    assert_false(take(place));
    assert_false(is_there(place->out[0].path));
    assert_false(is_there(place->out[1].path));
}

static void nothing_is_left_where_names_do_not_last(void **state)
{
    struct place *place = *state;
    make(place);
    give_to_nobody(place->tar);
    folder_forget_names(place->root, place->to);
    bool taken = take(place);
    folder_keep_names(place->to);
    assert_false(taken);
    assert_false(is_there(place->out[0].path));
    assert_false(is_there(place->out[1].path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_goes_in_comes_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_written_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_byte_that_was_changed_is_seen, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_left_where_names_do_not_last, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
