/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The program opened, used and closed: its folder, its lock, and acts with and without threads. */
#include "main/program.h"

#include <dirent.h>
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

#include "base/log.h"
#include "base/mem.h"
#include "core/activity/activity.h"
#include "sys/clock.h"
#include "sys/db.h"
#include "web/commits.h"
#include "web/community.h"
#include "web/work.h"

static const struct community community = {.slug = "essaim",
                                           .name = "Essaim",
                                           .description = "",
                                           .language = "fr",
                                           .time_zone = "Europe/Paris"};

struct place {
    struct mem *mem;
    char folder[48];
    struct config config;
};

static int set_up(void **state)
{
    struct mem *mem = mem_new(1024 * 1024);
    struct place *place = MEM_NEW(mem, struct place);
    place->mem = mem;
    snprintf(place->folder, sizeof place->folder, "/tmp/essaim-program-XXXXXX");
    if (!mkdtemp(place->folder))
        return -1;
    place->config = (struct config){.data = mem_printf(mem, "%s/data", place->folder),
                                    .listen = "127.0.0.1:0",
                                    .base_url = "http://127.0.0.1:8080"};
    log_set_level(LOG_ERROR + 1);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    DIR *dir = opendir(place->config.data);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        unlink(mem_printf(place->mem, "%s/%s", place->config.data, entry->d_name));
    if (dir)
        closedir(dir);
    rmdir(place->config.data);
    int code = rmdir(place->folder);
    mem_free(place->mem);
    return code;
}

static struct program *open_as(void **state, enum program_way way)
{
    struct place *place = *state;
    struct program *program = program_open(&place->config, way, NULL);
    assert_non_null(program);
    return program;
}

static unsigned mode_of(void **state, const char *name)
{
    struct place *place = *state;
    struct stat found;
    assert_int_equal(stat(mem_printf(place->mem, "%s/%s", place->config.data, name), &found), 0);
    return found.st_mode & 0777;
}

static void the_data_folder_is_made_and_its_owner_s_alone(void **state)
{
    program_close(open_as(state, PROGRAM_ALONE));
    assert_int_equal(mode_of(state, ""), 0700);
    assert_int_equal(mode_of(state, "essaim.db"), 0600);
    assert_int_equal(mode_of(state, "key"), 0600);
}

static void only_one_program_uses_a_folder(void **state)
{
    struct place *place = *state;
    struct program *first = open_as(state, PROGRAM_ALONE);
    assert_null(program_open(&place->config, PROGRAM_ALONE, NULL));
    program_close(first);
    program_close(open_as(state, PROGRAM_ALONE));
}

static void take_id(struct work *work, void *context)
{
    activity_add(work, &(struct activity){
                           .verb = ACTIVITY_CREATE, .object = ACTIVITY_CAMPAIGN, .detail = ""});
    *(int64_t *)context = work_new_id(work);
}

static void a_command_works_beside_the_one_that_serves(void **state)
{
    struct place *place = *state;
    int64_t before = 0;
    int64_t beside = 0;
    assert_null(program_open(&place->config, PROGRAM_BESIDE, NULL)); /* there is nothing yet */
    struct program *serving = open_as(state, PROGRAM_SERVING);
    assert_true(program_found_community(serving, &community));
    struct program *other = open_as(state, PROGRAM_BESIDE);
    assert_true(program_write(serving, take_id, &before));
    assert_true(program_write(other, take_id, &beside));
    assert_true(before != beside);
    program_close(other);
    program_close(serving);
    program_close(open_as(state, PROGRAM_ALONE));
}

static void touch(struct work *work, void *context)
{
    tx_do(work->tx, "UPDATE community SET description = ?1", (const char *)context);
    work_touches(work, OBJECT_CAMPAIGN, 7);
}

static void what_is_checked_is_read_alone_beside_the_one_that_serves(void **state)
{
    struct place *place = *state;
    assert_null(program_open(&place->config, PROGRAM_READING, NULL)); /* there is nothing yet */
    struct program *serving = open_as(state, PROGRAM_SERVING);
    assert_true(program_found_community(serving, &community));
    struct program *reading = open_as(state, PROGRAM_READING);
    assert_null(program_check(reading, place->mem));
    const char *error = NULL;
    assert_false(db_script(reading->db, "UPDATE community SET name = 'other'", &error));
    assert_true(program_write(serving, touch, (void *)(uintptr_t) "new"));
    assert_null(program_check(reading, place->mem));
    program_close(reading);
    program_close(serving);
}

static void a_folder_that_cannot_be_had_does_not_open(void **state)
{
    struct place *place = *state;
    place->config.data = "/proc/nowhere";
    assert_null(program_open(&place->config, PROGRAM_ALONE, NULL));
    place->config.data = mem_printf(place->mem, "%s/a/b", place->folder);
    assert_null(program_open(&place->config, PROGRAM_ALONE, NULL));
}

static void a_key_that_is_spoilt_does_not_open(void **state)
{
    struct place *place = *state;
    program_close(open_as(state, PROGRAM_ALONE));
    assert_int_equal(truncate(mem_printf(place->mem, "%s/key", place->config.data), 5), 0);
    assert_null(program_open(&place->config, PROGRAM_ALONE, NULL));
}

static void a_key_that_is_lost_is_not_made_anew(void **state)
{
    struct place *place = *state;
    program_close(open_as(state, PROGRAM_ALONE));
    assert_int_equal(unlink(mem_printf(place->mem, "%s/key", place->config.data)), 0);
    assert_null(program_open(&place->config, PROGRAM_ALONE, NULL));
    assert_int_equal(access(mem_printf(place->mem, "%s/key", place->config.data), F_OK), -1);
}

static void ids_rise_although_the_clock_steps_back_between_two_starts(void **state)
{
    struct place *place = *state;
    int64_t before = 0;
    int64_t after = 0;
    struct program *program =
        program_open(&place->config, PROGRAM_ALONE, clock_new_still(place->mem, 1900000000));
    assert_true(program_found_community(program, &community));
    assert_true(program_write(program, take_id, &before));
    program_close(program);
    program = program_open(&place->config, PROGRAM_ALONE, clock_new_still(place->mem, 1800000000));
    assert_true(program_write(program, take_id, &after));
    program_close(program);
    assert_true(after > before);
}

/* How many communities there are. */
static void count(struct work *work, void *context)
{
    *(int64_t *)context = row_int(tx_one(work->tx, "SELECT COUNT(*) FROM community"), 0);
}

static void the_first_community_is_founded_once(void **state)
{
    int64_t communities = 0;
    struct program *program = open_as(state, PROGRAM_ALONE);
    assert_true(program_found_community(program, &community));
    assert_true(program_found_community(program, &community));
    program_close(program);
    program = open_as(state, PROGRAM_ALONE);
    assert_true(program_found_community(program, &community));
    assert_true(program_write(program, count, &communities));
    assert_int_equal(communities, 1);
    assert_null(program_check(program, program->mem));
    program_close(program);
}

static void touch_and_fail(struct work *work, void *context)
{
    touch(work, context);
    tx_do(work->tx, "SELEC");
}

static void describe(struct work *work, void *context)
{
    *(bool *)context = tx_one(work->tx, "SELECT 1 FROM community WHERE description = 'new'");
}

static void an_act_is_kept_and_published_or_neither(void **state)
{
    static const enum program_way ways[] = {PROGRAM_ALONE, PROGRAM_SERVING};
    for (size_t i = 0; i < 2; i++) {
        bool described = false;
        struct program *program = open_as(state, ways[i]);
        assert_true(program_found_community(program, &community));
        int64_t before = commits_last(program->app.commits);
        assert_false(program_write(program, touch_and_fail, (void *)(uintptr_t) "old"));
        assert_int_equal(commits_last(program->app.commits), before);
        assert_true(program_write(program, touch, (void *)(uintptr_t) "new"));
        assert_int_equal(commits_last(program->app.commits), before + 1);
        assert_true(program_write(program, describe, &described));
        assert_true(described);
        program_close(program);
    }
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(the_data_folder_is_made_and_its_owner_s_alone),
        FRESH(only_one_program_uses_a_folder),
        FRESH(a_command_works_beside_the_one_that_serves),
        FRESH(what_is_checked_is_read_alone_beside_the_one_that_serves),
        FRESH(a_folder_that_cannot_be_had_does_not_open),
        FRESH(a_key_that_is_spoilt_does_not_open),
        FRESH(a_key_that_is_lost_is_not_made_anew),
        FRESH(ids_rise_although_the_clock_steps_back_between_two_starts),
        FRESH(the_first_community_is_founded_once),
        FRESH(an_act_is_kept_and_published_or_neither),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
