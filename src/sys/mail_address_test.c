/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which addresses pass, which do not, and which are the same mailbox. */
#include "sys/mail.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/mem.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define TEN "abcdefghij"
#define SIXTY TEN TEN TEN TEN TEN TEN

static void ordinary_addresses_are_valid(void **state)
{
    (void)state;
    const char *const addresses[] = {
        "anne@example.org",
        "Anne.Le-Goff+essaim@mail.example.org",
        "a@localhost",
        "o'neill@example.org",
        "x!#$%&'*+-/=?^_`{|}~y@example.org",
        "1@2.example",
        "anne@caf\u00e9.fr",
        "anne@xn--caf-dma.fr",
        SIXTY "abcd@example.org",
        "a@" SIXTY "abc.fr",
    };
    for (size_t i = 0; i < COUNT(addresses); i++)
        if (!mail_address_is_valid(addresses[i]))
            fail_msg("%s is refused", addresses[i]);
}

static void what_is_no_address_is_refused(void **state)
{
    (void)state;
    const char *const addresses[] = {
        "",
        "@",
        "anne",
        "anne@",
        "@example.org",
        "anne@@example.org",
        "anne@b@example.org",
        ".anne@example.org",
        "anne.@example.org",
        "an..ne@example.org",
        "an ne@example.org",
        " anne@example.org",
        "anne@example.org ",
        "anne@exam ple.org",
        "\"anne\"@example.org",
        "anne<b@example.org",
        "anne@example.org>",
        "anne,b@example.org",
        "anne@example.org,b@example.org",
        "anne;@example.org",
        "anne(x)@example.org",
        "anne\\@example.org",
        "z\u00f6e@example.org",
        "anne@.org",
        "anne@example.",
        "anne@example..org",
        "anne@-example.org",
        "anne@example-.org",
        "anne@exa_mple.org",
        "anne@[127.0.0.1]",
        "anne@exam\u202eple.org",
        "anne@exam\xffple.org",
        "anne@example.org\n",
        "anne@example.org\r\nBcc: b@example.org",
        "anne\r\n@example.org",
        "anne\t@example.org",
        SIXTY "abcde@example.org",
        "a@" SIXTY "abcd.fr",
    };
    for (size_t i = 0; i < COUNT(addresses); i++)
        if (mail_address_is_valid(addresses[i]))
            fail_msg("%s is accepted", addresses[i]);
}

static void an_address_has_a_greatest_length(void **state)
{
    (void)state;
    char address[EMAIL_BYTES_MAX + 2] = "a@";
    for (size_t i = 2; i < EMAIL_BYTES_MAX; i++)
        address[i] = i % 50 == 49 ? '.' : 'b';
    assert_true(mail_address_is_valid(address));
    address[EMAIL_BYTES_MAX] = 'b';
    assert_false(mail_address_is_valid(address));
}

/* A short label that is long in ASCII: 3 bytes here, 8 there. */
static void an_address_is_valid_only_with_its_normal_form(void **state)
{
    (void)state;
    struct mem *mem = mem_new(1 << 20);
    const char *host = "fr";
    bool was_valid = true;
    for (int labels = 0; labels < 60; labels++) {
        const char *address = mem_printf(mem, "%sabcd@%s", SIXTY, host);
        bool valid = mail_address_is_valid(address);
        const char *normal = mail_address_normal(mem, address);
        assert_int_equal(mail_address_is_valid(normal), valid);
        assert_string_equal(mail_address_normal(mem, normal), normal);
        assert_true(was_valid || !valid);
        was_valid = valid;
        host = mem_printf(mem, "\u00e9.%s", host);
    }
    assert_false(was_valid);
    mem_free(mem);
}

static void assert_normal(const char *address, const char *expected)
{
    struct mem *mem = mem_new(1 << 16);
    assert_string_equal(mail_address_normal(mem, address), expected);
    mem_free(mem);
}

static void letters_and_spaces_make_no_difference(void **state)
{
    (void)state;
    assert_normal("anne@example.org", "anne@example.org");
    assert_normal(" Anne.Le-Goff@Example.ORG\t", "anne.le-goff@example.org");
}

static void both_ways_to_write_a_host_are_one(void **state)
{
    (void)state;
    assert_normal("anne@Caf\u00e9.fr", "anne@xn--caf-dma.fr");
    assert_normal("anne@CAF\u00c9.fr", "anne@xn--caf-dma.fr");
    assert_normal("anne@XN--CAF-dma.fr", "anne@xn--caf-dma.fr");
}

static void what_is_no_address_stays_but_for_its_letters(void **state)
{
    (void)state;
    assert_normal(" Anne ", "anne");
    assert_normal("Anne@[1]", "anne@[1]");
    assert_normal("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_addresses_are_valid),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(an_address_has_a_greatest_length),
        cmocka_unit_test(an_address_is_valid_only_with_its_normal_form),
        cmocka_unit_test(letters_and_spaces_make_no_difference),
        cmocka_unit_test(both_ways_to_write_a_host_are_one),
        cmocka_unit_test(what_is_no_address_stays_but_for_its_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
