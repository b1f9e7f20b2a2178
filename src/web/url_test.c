/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Percent-encoding both ways, and which paths may be gone to. */
#include "web/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/mem.h"

static int set_up(void **state)
{
    *state = mem_new(1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(*state);
    return 0;
}

static const char *decoded(struct mem *mem, const char *text, bool plus)
{
    return url_decode(mem, text, strlen(text), plus);
}

static void escapes_are_decoded_in_either_case(void **state)
{
    assert_string_equal(decoded(*state, "caf%C3%A9%2f%2F", false), "café//");
    assert_string_equal(decoded(*state, "", false), "");
    assert_string_equal(decoded(*state, "%25", false), "%");
}

static void a_plus_is_a_space_in_forms_alone(void **state)
{
    assert_string_equal(decoded(*state, "a+b%2B", true), "a b+");
    assert_string_equal(decoded(*state, "a+b", false), "a+b");
}

static void only_the_given_bytes_are_read(void **state)
{
    assert_string_equal(url_decode(*state, "ab%41", 2, false), "ab");
    assert_null(url_decode(*state, "ab%41", 3, false));
    assert_null(url_decode(*state, "ab%41", 4, false));
    assert_string_equal(url_decode(*state, "ab%41", 5, false), "abA");
}

static void bad_escapes_are_refused(void **state)
{
    static const char *const bad[] = {"%", "%4", "%zz", "%4g", "%g4", "a%", "%%41", "% 41"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_null(decoded(*state, bad[i], true));
}

static void what_is_no_text_is_refused(void **state)
{
    static const char *const bad[] = {"%00", "a%00b", "%FF", "%C3", "%C0%80", "%ED%A0%80", "\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_null(decoded(*state, bad[i], true));
}

static void all_but_unreserved_characters_are_encoded(void **state)
{
    assert_string_equal(url_encode(*state, "aZ09-._~"), "aZ09-._~");
    assert_string_equal(url_encode(*state, "é /?&=#%+'\""), "%C3%A9%20%2F%3F%26%3D%23%25%2B%27%22");
    assert_string_equal(url_encode(*state, ""), "");
}

static void each_byte_comes_back(void **state)
{
    char text[256];
    for (int c = 1; c < 128; c++)
        text[c - 1] = (char)c;
    text[127] = '\0';
    assert_string_equal(decoded(*state, url_encode(*state, text), true), text);
}

static void parts_of_a_path_cannot_leave_their_place(void **state)
{
    const char *slug = "../a?b#c";
    assert_string_equal(path_make(*state, "/campaigns/%s/live", slug),
                        "/campaigns/..%2Fa%3Fb%23c/live");
    assert_string_equal(path_make(*state, "/%s/%s", "a", "b"), "/a/b");
    assert_string_equal(path_make(*state, "/"), "/");
}

static void paths_of_this_site_are_local(void **state)
{
    (void)state;
    assert_true(path_is_local("/"));
    assert_true(path_is_local("/campaigns?q=a//b"));
    assert_true(path_is_local("/%09/example.org"));
}

static void what_a_browser_takes_for_another_site_is_not_local(void **state)
{
    (void)state;
    static const char *const foreign[] = {
        "",          "a",         "//example.org", "/\\example.org",     "\\\\example.org",
        "/\t/a.org", "/\n/a.org", "https://a.org", "javascript:alert()", " /",
        "/a\\b",     "/a\x7f",    "/\xc2\x80",     "/a\xe2\x80\xae",
    };
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        assert_false(path_is_local(foreign[i]));
}

static void a_path_that_no_head_has_room_for_is_not_gone_to(void **state)
{
    char *path = mem_alloc(*state, LOCAL_PATH_BYTES_MAX + 2);
    memset(path, 'a', LOCAL_PATH_BYTES_MAX);
    path[0] = '/';
    assert_true(path_is_local(path));
    path[LOCAL_PATH_BYTES_MAX] = 'a';
    assert_false(path_is_local(path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_are_decoded_in_either_case),
        cmocka_unit_test(a_plus_is_a_space_in_forms_alone),
        cmocka_unit_test(only_the_given_bytes_are_read),
        cmocka_unit_test(bad_escapes_are_refused),
        cmocka_unit_test(what_is_no_text_is_refused),
        cmocka_unit_test(all_but_unreserved_characters_are_encoded),
        cmocka_unit_test(each_byte_comes_back),
        cmocka_unit_test(parts_of_a_path_cannot_leave_their_place),
        cmocka_unit_test(paths_of_this_site_are_local),
        cmocka_unit_test(what_a_browser_takes_for_another_site_is_not_local),
        cmocka_unit_test(a_path_that_no_head_has_room_for_is_not_gone_to),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
