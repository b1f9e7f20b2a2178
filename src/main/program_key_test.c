/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Processes that share a database have one key, whoever was there first, and never a second one. */
#include "main/pair_fixture.h"

#include "sys/crypt.h"
#include "web/community.h"

static const struct community community = {.slug = "essaim",
                                           .name = "Essaim",
                                           .description = "",
                                           .language = "fr",
                                           .time_zone = "Europe/Paris"};

/* A key of the data folder, as one process made it that served alone. */
static void key_in_folder(struct pair *pair, int which, unsigned char ret_key[CRYPT_KEY_BYTES])
{
    const char *folder = pair->configs[which].data;
    assert_true(data_folder_make(folder) && crypt_init());
    assert_true(crypt_key_load(mem_printf(pair->mem, "%s/key", folder), ret_key));
}

static void both_have_the_same_key_and_no_file(void **state)
{
    postgres_only();
    struct pair *pair = pair_open(state);
    assert_memory_equal(pair->first->app.key, pair->second->app.key, CRYPT_KEY_BYTES);
    for (int i = 0; i < 2; i++)
        assert_int_equal(access(mem_printf(pair->mem, "%s/key", pair->configs[i].data), F_OK), -1);
}

static void who_comes_back_has_the_key_again(void **state)
{
    postgres_only();
    struct pair *pair = pair_open(state);
    program_close(pair->second);
    pair->second = program_open(&pair->configs[1], PROGRAM_READING, NULL);
    assert_non_null(pair->second);
    assert_memory_equal(pair->first->app.key, pair->second->app.key, CRYPT_KEY_BYTES);
}

static void a_key_that_stood_in_the_folder_becomes_everybody_s(void **state)
{
    postgres_only();
    struct pair *pair = *state;
    unsigned char key[CRYPT_KEY_BYTES];
    key_in_folder(pair, 0, key);
    pair_open(state);
    assert_memory_equal(pair->first->app.key, key, CRYPT_KEY_BYTES);
    assert_memory_equal(pair->second->app.key, key, CRYPT_KEY_BYTES);
}

static void the_key_of_the_database_goes_before_one_of_a_folder(void **state)
{
    postgres_only();
    struct pair *pair = *state;
    unsigned char other[CRYPT_KEY_BYTES];
    key_in_folder(pair, 1, other);
    pair_open(state);
    assert_memory_equal(pair->first->app.key, pair->second->app.key, CRYPT_KEY_BYTES);
    assert_memory_not_equal(pair->second->app.key, other, CRYPT_KEY_BYTES);
}

static void a_key_that_is_lost_is_not_made_anew(void **state)
{
    postgres_only();
    struct pair *pair = *state;
    pair->first = program_open(&pair->configs[0], PROGRAM_ALONE, NULL);
    assert_true(program_found_community(pair->first, &community));
    struct tx *tx = db_begin(pair->first->db, pair->mem);
    tx_do(tx, "DELETE FROM install");
    assert_true(tx_commit(tx));
    assert_null(program_open(&pair->configs[1], PROGRAM_ALONE, NULL));
    assert_null(program_open(&pair->configs[1], PROGRAM_READING, NULL));
    tx = db_begin(pair->first->db, pair->mem);
    tx_do(tx, "INSERT INTO install (id, key) VALUES (1, 'spoilt')");
    assert_true(tx_commit(tx));
    assert_null(program_open(&pair->configs[1], PROGRAM_ALONE, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAIR_TEST(both_have_the_same_key_and_no_file),
        PAIR_TEST(who_comes_back_has_the_key_again),
        PAIR_TEST(a_key_that_stood_in_the_folder_becomes_everybody_s),
        PAIR_TEST(the_key_of_the_database_goes_before_one_of_a_folder),
        PAIR_TEST(a_key_that_is_lost_is_not_made_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
