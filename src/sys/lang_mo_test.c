/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Catalogues that are sound, and catalogues that are broken in each place where they can be. The
 * files are made here, so that a test can break them: the same layout as msgfmt's. */
#include "sys/lang_local.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"

enum { TEST_BYTES_MAX = 1 << 20, HEADER_BYTES = 28, MESSAGES_AT = 8, ORIGINALS_AT = 12 };

struct message {
    const char *original;
    size_t original_length;
    const char *translation;
    size_t translation_length;
};

#define MESSAGE(original, translation)                                                             \
    {                                                                                              \
        original, sizeof(original) - 1, translation, sizeof(translation) - 1                       \
    }
#define HEADER MESSAGE("", "Language: fr\nPlural-Forms: nplurals=2; plural=(n > 1);\n")

struct fixture {
    struct mem *mem;
    unsigned char *bytes; /* a copy of its own length, so that reading past its end is seen */
    size_t count;
    struct lang_mo mo;
};

static int set_up(void **state)
{
    struct mem *mem = mem_new(TEST_BYTES_MAX);
    struct fixture *fixture = MEM_NEW(mem, struct fixture);
    fixture->mem = mem;
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    mem_free(fixture->mem);
    return 0;
}

static void put_word(struct buf *buf, size_t word)
{
    for (int i = 0; i < 4; i++)
        buf_put_char(buf, (char)(word >> (8 * i) & 0xff));
}

static void file_make(struct fixture *fixture, const struct message *messages, size_t count)
{
    struct buf *out = buf_new(fixture->mem, TEST_BYTES_MAX / 8);
    size_t translations_at = HEADER_BYTES + count * 8;
    size_t strings_at = translations_at + count * 8;
    buf_add(out, "\xde\x12\x04\x95", 4);
    const size_t head[] = {0, count, HEADER_BYTES, translations_at, 0, 0};
    for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
        put_word(out, head[i]);
    for (size_t i = 0; i < count; i++) {
        put_word(out, messages[i].original_length);
        put_word(out, strings_at);
        strings_at += messages[i].original_length + 1;
    }
    for (size_t i = 0; i < count; i++) {
        put_word(out, messages[i].translation_length);
        put_word(out, strings_at);
        strings_at += messages[i].translation_length + 1;
    }
    for (size_t i = 0; i < count; i++)
        buf_add(out, messages[i].original, messages[i].original_length + 1);
    for (size_t i = 0; i < count; i++)
        buf_add(out, messages[i].translation, messages[i].translation_length + 1);
    fixture->bytes = mem_copy(fixture->mem, out->bytes, out->length);
    fixture->count = out->length;
}

static bool opens(struct fixture *fixture)
{
    return lang_mo_open(fixture->mem, fixture->bytes, fixture->count, &fixture->mo);
}

static const struct message french[] = {
    HEADER,
    MESSAGE("Close", "Fermer"),
    MESSAGE("One place\0{n} places", "{n} place\0{n} places (pl.)"),
    MESSAGE("Open", "Ouvrir"),
    MESSAGE("Short\0Shorts", "Court"),
};

static struct fixture *french_file(void **state)
{
    struct fixture *fixture = *state;
    file_make(fixture, french, sizeof(french) / sizeof(french[0]));
    return fixture;
}

static void a_message_is_found_by_its_english(void **state)
{
    struct fixture *fixture = french_file(state);
    assert_true(opens(fixture));
    assert_string_equal(lang_mo_text(&fixture->mo, "Close"), "Fermer");
    assert_string_equal(lang_mo_text(&fixture->mo, "Open"), "Ouvrir");
    assert_null(lang_mo_text(&fixture->mo, "Clos"));
    assert_null(lang_mo_text(&fixture->mo, "Closed"));
    assert_null(lang_mo_text(&fixture->mo, "Zebra"));
}

static void the_plural_form_follows_the_rule_of_the_file(void **state)
{
    struct fixture *fixture = french_file(state);
    assert_true(opens(fixture));
    assert_string_equal(lang_mo_plural(&fixture->mo, "One place", 0), "{n} place");
    assert_string_equal(lang_mo_plural(&fixture->mo, "One place", 1), "{n} place");
    assert_string_equal(lang_mo_plural(&fixture->mo, "One place", 2), "{n} places (pl.)");
    assert_null(lang_mo_plural(&fixture->mo, "Two places", 2));
}

static void a_form_that_is_missing_is_not_read_from_the_next_message(void **state)
{
    struct fixture *fixture = french_file(state);
    assert_true(opens(fixture));
    assert_string_equal(lang_mo_plural(&fixture->mo, "Short", 1), "Court");
    assert_null(lang_mo_plural(&fixture->mo, "Short", 2));
}

static void a_file_cut_anywhere_is_refused(void **state)
{
    struct fixture *fixture = french_file(state);
    size_t whole = fixture->count;
    for (size_t count = 0; count < whole; count++) {
        unsigned char *cut = mem_copy(fixture->mem, fixture->bytes, count);
        assert_false(lang_mo_open(fixture->mem, cut, count, &fixture->mo));
    }
}

static void a_byte_changed_anywhere_never_reads_outside(void **state)
{
    struct fixture *fixture = french_file(state);
    const unsigned char values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    for (size_t at = 0; at < fixture->count; at++) {
        unsigned char before = fixture->bytes[at];
        for (size_t i = 0; i < sizeof(values); i++) {
            fixture->bytes[at] = values[i];
            if (!opens(fixture))
                continue;
            lang_mo_text(&fixture->mo, "Open");
            lang_mo_plural(&fixture->mo, "One place", 7);
            lang_mo_plural(&fixture->mo, "Short", 7);
        }
        fixture->bytes[at] = before;
    }
    assert_true(opens(fixture));
}

static void another_magic_revision_or_a_giant_count_is_refused(void **state)
{
    struct fixture *fixture = french_file(state);
    fixture->bytes[0] ^= 1;
    assert_false(opens(fixture));
    fixture->bytes[0] ^= 1;
    fixture->bytes[4] = 1;
    assert_false(opens(fixture));
    fixture->bytes[4] = 0;
    memset(fixture->bytes + MESSAGES_AT, 0xff, 4);
    assert_false(opens(fixture));
    french_file(state);
    memset(fixture->bytes + ORIGINALS_AT, 0xff, 4);
    assert_false(opens(fixture));
}

static void a_file_with_a_message_twice_is_refused(void **state)
{
    struct fixture *fixture = *state;
    const struct message messages[] = {HEADER, MESSAGE("a", "A"), MESSAGE("b", "B"),
                                       MESSAGE("a", "C")};
    file_make(fixture, messages, 3);
    assert_true(opens(fixture));
    file_make(fixture, messages, 4);
    assert_false(opens(fixture));
}

static void each_of_many_messages_is_found(void **state)
{
    enum { MANY = 1000 };
    struct fixture *fixture = *state;
    struct message *messages = MEM_ARRAY(fixture->mem, struct message, MANY + 1);
    messages[0] = (struct message)HEADER;
    for (int i = 1; i <= MANY; i++) {
        const char *text =
            mem_printf(fixture->mem, "%d places %.*s", i, i % 20, "are to be taken still");
        messages[i] = (struct message){text, strlen(text), text, strlen(text)};
    }
    file_make(fixture, messages, MANY + 1);
    assert_true(opens(fixture));
    for (int i = 1; i <= MANY; i++)
        assert_string_equal(lang_mo_text(&fixture->mo, messages[i].original), messages[i].original);
    assert_null(lang_mo_text(&fixture->mo, "1001 places a"));
}

static void a_file_without_a_plural_rule_is_refused(void **state)
{
    struct fixture *fixture = *state;
    const struct message without[] = {MESSAGE("", "Language: fr\n"), MESSAGE("a", "A")};
    file_make(fixture, without, 2);
    assert_false(opens(fixture));
    const struct message wrong[] = {MESSAGE("", "Plural-Forms: nplurals=2; plural=();\n")};
    file_make(fixture, wrong, 1);
    assert_false(opens(fixture));
    const struct message headless[] = {MESSAGE("a", "A")};
    file_make(fixture, headless, 1);
    assert_false(opens(fixture));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_message_is_found_by_its_english),
        TEST(the_plural_form_follows_the_rule_of_the_file),
        TEST(a_form_that_is_missing_is_not_read_from_the_next_message),
        TEST(a_file_cut_anywhere_is_refused),
        TEST(a_byte_changed_anywhere_never_reads_outside),
        TEST(another_magic_revision_or_a_giant_count_is_refused),
        TEST(a_file_with_a_message_twice_is_refused),
        TEST(each_of_many_messages_is_found),
        TEST(a_file_without_a_plural_rule_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
