/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What codes, handles, keyed hashes and the install's key promise. Randomness is faked where a
 * result is compared, so that each test says the same on every run. */
#include "sys/crypt.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

enum { TEST_BYTES_MAX = 1 << 20 };

static const unsigned char key_of_zeros[CRYPT_KEY_BYTES] = {0};

struct fixture {
    struct mem *mem;
    char folder[32];
    char *path;
};

static int set_up(void **state)
{
    struct mem *mem = mem_new(TEST_BYTES_MAX);
    struct fixture *fixture = MEM_NEW(mem, struct fixture);
    *fixture = (struct fixture){.mem = mem, .folder = "/tmp/crypt_test.XXXXXX"};
    if (!mkdtemp(fixture->folder))
        return -1;
    fixture->path = mem_printf(mem, "%s/key", fixture->folder);
    *state = fixture;
    return crypt_init() ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    unlink(fixture->path);
    int left = rmdir(fixture->folder); /* fails when a draft of the key was left behind */
    mem_free(fixture->mem);
    return left;
}

/* Each fill is the state's lowest byte, repeated, and one less the next time. */
static void fill_counting_down(struct random *random, void *bytes, size_t count)
{
    memset(bytes, (int)(random->state-- & 0xff), count);
}

static void key_write(const char *path, const char *bytes)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, strlen(bytes)), strlen(bytes));
    close(file);
}

static void a_number_below_a_bound_is_drawn_again_when_it_would_be_unfair(void **state)
{
    (void)state;
    /* 2^32 mod (2^31 + 1) is 2^31 - 1: 0x01010101 lies below and is refused, and so is the rest
     * down to zero; the next draw, 0xffffffff, counts. */
    struct random random = {.fill = fill_counting_down, .state = 1};
    assert_int_equal(random_below(&random, 0x80000001u), 0xffffffffu % 0x80000001u);
    assert_int_equal(random.state, (uint64_t)-2);
}

static void numbers_stay_below_their_bound(void **state)
{
    (void)state;
    struct random random = {0};
    bool seen[3] = {false};
    for (int i = 0; i < 1000; i++) {
        uint32_t n = random_below(&random, 3);
        assert_true(n < 3);
        seen[n] = true;
    }
    assert_true(seen[0] && seen[1] && seen[2]);
    assert_int_equal(random_below(&random, 1), 0);
}

static void a_handle_has_the_letters_of_base_32(void **state)
{
    struct fixture *fixture = *state;
    struct random random = {0};
    const char *handle = random_handle(&random, fixture->mem, 64);
    assert_int_equal(strlen(handle), 64);
    assert_int_equal(strspn(handle, "0123456789abcdefghjkmnpqrstvwxyz"), 64);
    assert_string_not_equal(handle, random_handle(&random, fixture->mem, 64));
}

static void a_handle_comes_from_the_given_randomness(void **state)
{
    struct fixture *fixture = *state;
    struct random random = {.fill = fill_counting_down, .state = 31};
    assert_string_equal(random_handle(&random, fixture->mem, 4), "zzzz");
    assert_string_equal(random_handle(&random, fixture->mem, 2), "yy");
}

static void a_code_has_six_digits_also_when_it_is_small(void **state)
{
    struct fixture *fixture = *state;
    struct random system = {0};
    for (int i = 0; i < 100; i++)
        assert_int_equal(strspn(random_code(&system, fixture->mem), "0123456789"), 6);
    /* 0x01010101 is 16843009. */
    struct random random = {.fill = fill_counting_down, .state = 1};
    assert_string_equal(random_code(&random, fixture->mem), "843009");
}

static void the_key_is_made_once_and_read_again(void **state)
{
    struct fixture *fixture = *state;
    unsigned char first[CRYPT_KEY_BYTES] = {0};
    unsigned char second[CRYPT_KEY_BYTES] = {0};
    assert_true(crypt_key_load(fixture->path, first));
    assert_true(crypt_key_load(fixture->path, second));
    assert_memory_equal(first, second, CRYPT_KEY_BYTES);
    assert_memory_not_equal(first, key_of_zeros, CRYPT_KEY_BYTES);
}

static void nobody_else_may_read_the_key(void **state)
{
    struct fixture *fixture = *state;
    unsigned char key[CRYPT_KEY_BYTES];
    assert_true(crypt_key_load(fixture->path, key));
    struct stat info;
    assert_int_equal(stat(fixture->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void a_key_of_wrong_length_is_refused(void **state)
{
    struct fixture *fixture = *state;
    unsigned char key[CRYPT_KEY_BYTES] = {7};
    key_write(fixture->path, "too short");
    assert_false(crypt_key_load(fixture->path, key));
    key_write(fixture->path, "this one is longer than the 32 bytes of a key");
    assert_false(crypt_key_load(fixture->path, key));
    assert_int_equal(key[0], 7);
}

static void a_key_in_a_folder_that_is_not_there_is_refused(void **state)
{
    struct fixture *fixture = *state;
    unsigned char key[CRYPT_KEY_BYTES];
    assert_false(crypt_key_load(mem_printf(fixture->mem, "%s/no/key", fixture->folder), key));
}

static void a_key_is_read_as_it_was_written(void **state)
{
    struct fixture *fixture = *state;
    unsigned char key[CRYPT_KEY_BYTES];
    unsigned char read[CRYPT_KEY_BYTES] = {0};
    random_fill(&(struct random){.fill = NULL}, key, sizeof key);
    const char *text = crypt_key_text(fixture->mem, key);
    assert_true(crypt_key_read(text, read));
    assert_memory_equal(key, read, sizeof key);
    assert_false(crypt_key_read("", read));
    assert_false(crypt_key_read(text + 2, read));
    assert_false(crypt_key_read(mem_printf(fixture->mem, "%s00", text), read));
    assert_false(crypt_key_read(mem_printf(fixture->mem, "%szz", text + 2), read));
    assert_memory_equal(key, read, sizeof key);
}

static void a_mac_depends_on_key_purpose_and_text(void **state)
{
    struct fixture *fixture = *state;
    struct mem *mem = fixture->mem;
    unsigned char other[CRYPT_KEY_BYTES] = {1};
    const char *mac = crypt_mac(mem, key_of_zeros, "guest", "42");
    assert_int_equal(strlen(mac), 26);
    assert_int_equal(strspn(mac, "0123456789abcdefghjkmnpqrstvwxyz"), 26);
    assert_string_equal(mac, crypt_mac(mem, key_of_zeros, "guest", "42"));
    assert_string_not_equal(mac, crypt_mac(mem, other, "guest", "42"));
    assert_string_not_equal(mac, crypt_mac(mem, key_of_zeros, "login", "42"));
    assert_string_not_equal(mac, crypt_mac(mem, key_of_zeros, "guest", "43"));
}

static void purpose_and_text_cannot_run_into_each_other(void **state)
{
    struct fixture *fixture = *state;
    assert_string_not_equal(crypt_mac(fixture->mem, key_of_zeros, "ab", "c"),
                            crypt_mac(fixture->mem, key_of_zeros, "a", "bc"));
}

static void a_mac_never_changes_between_versions(void **state)
{
    struct fixture *fixture = *state;
    /* Links in mails that were sent stay good. */
    assert_string_equal(crypt_mac(fixture->mem, key_of_zeros, "guest", "42"),
                        "asfge8gpwwqzt81ymz5y7n8gxe");
}

static void equal_means_the_same_bytes(void **state)
{
    (void)state;
    assert_true(crypt_equal("abc", "abc"));
    assert_true(crypt_equal("", ""));
    assert_false(crypt_equal("abc", "abd"));
    assert_false(crypt_equal("abc", "abcd"));
    assert_false(crypt_equal("", "a"));
}

static void sha256_is_the_published_one(void **state)
{
    struct fixture *fixture = *state;
    assert_string_equal(crypt_sha256(fixture->mem, "abc", 3), /* FIPS 180-2, B.1 */
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(crypt_sha256(fixture->mem, "", 0),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_below_a_bound_is_drawn_again_when_it_would_be_unfair),
        cmocka_unit_test(numbers_stay_below_their_bound),
        cmocka_unit_test_setup_teardown(a_handle_has_the_letters_of_base_32, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_handle_comes_from_the_given_randomness, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_code_has_six_digits_also_when_it_is_small, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_key_is_made_once_and_read_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_else_may_read_the_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_key_of_wrong_length_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_key_in_a_folder_that_is_not_there_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_key_is_read_as_it_was_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_mac_depends_on_key_purpose_and_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(purpose_and_text_cannot_run_into_each_other, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_mac_never_changes_between_versions, set_up, tear_down),
        cmocka_unit_test(equal_means_the_same_bytes),
        cmocka_unit_test_setup_teardown(sha256_is_the_published_one, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
