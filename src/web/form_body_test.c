/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Bodies of each type to named values; and what no browser sends. */
#include "web/form_local.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "sys/http.h"

#define URLENCODED "application/x-www-form-urlencoded"
#define JSON "application/json"
#define MULTIPART "multipart/form-data; boundary=XyZ"

static int set_up(void **state)
{
    *state = mem_new(32 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(*state);
    return 0;
}

/* Reads `count` bytes of that type (NULL: none is said); the refusal's status, or 0 and the values
 * as "name=value|name=value". */
static int read_bytes(void **state, const char *type, const char *bytes, size_t count,
                      const char **ret_text)
{
    struct mem *mem = *state;
    const struct http_header header = {"content-type", type};
    const struct http_request http = {.headers = &header,
                                      .headers_count = type ? 1 : 0,
                                      .body = mem_copy(mem, bytes, count), /* its bounds are seen */
                                      .body_count = count};
    const struct form_value *values = NULL;
    const struct refusal *refusal = form_body_read(mem, &http, &values);
    if (refusal)
        return refusal->status;
    struct buf *out = buf_new(mem, 64 * 1024);
    for (; values; values = values->next)
        buf_printf(out, "%s=%s%s", values->name, values->value, values->next ? "|" : "");
    *ret_text = out->bytes;
    return 0;
}

static void assert_reads(void **state, const char *type, const char *body, const char *expected)
{
    const char *text = NULL;
    int status = read_bytes(state, type, body, strlen(body), &text);
    if (status)
        fail_msg("%s is refused with %d", body, status);
    assert_string_equal(text, expected);
}

static void assert_refuses(void **state, const char *type, const char *body, int expected)
{
    const char *text = NULL;
    int status = read_bytes(state, type, body, strlen(body), &text);
    if (status != expected)
        fail_msg("%s gives %d (%s)", body, status, text);
}

static void no_body_has_no_values(void **state)
{
    assert_reads(state, NULL, "", "");
    assert_reads(state, JSON, "", "");
    assert_reads(state, "text/plain", "", "");
}

static void the_type_is_read_without_case_and_parameters(void **state)
{
    assert_reads(state, "Application/X-WWW-Form-Urlencoded", "a=1", "a=1");
    assert_reads(state, URLENCODED "; charset=utf-8", "a=1", "a=1");
    assert_reads(state, "APPLICATION/JSON;charset=utf-8", "{\"a\":1}", "a=1");
    assert_reads(state, "application/json ", "{\"a\":1}", "a=1");
    assert_reads(state, "Multipart/Form-Data; charset=x; BOUNDARY=q",
                 "--q\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--q--\r\n", "a=1");
}

static void other_types_are_refused(void **state)
{
    static const char *const types[] = {
        NULL,
        "",
        "text/plain",
        "application/jsonx",
        "application/json-seq",
        "text/json",
        "xapplication/json",
        "application/xml",
        URLENCODED "ed",
        "multipart/form-data2",
        "application/",
        "multipart/mixed; boundary=XyZ",
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        assert_refuses(state, types[i], "{\"a\":1}", 415);
}

static void what_says_that_it_is_json_is_known(void **state)
{
    (void)state;
    const struct http_header json = {"Content-Type", "application/JSON; charset=utf-8"};
    const struct http_header other = {"Content-Type", "application/jsonx"};
    assert_true(form_is_json(&(struct http_request){.headers = &json, .headers_count = 1}));
    assert_false(form_is_json(&(struct http_request){.headers = &other, .headers_count = 1}));
    assert_false(form_is_json(&(struct http_request){0}));
}

static void pairs_keep_their_order(void **state)
{
    assert_reads(state, URLENCODED, "b=1&a=2&b=3", "b=1|a=2|b=3");
    assert_reads(state, URLENCODED, "a+b=c%3Dd%26&e=caf%C3%A9", "a b=c=d&|e=café");
    assert_reads(state, URLENCODED, "&a=1&&b&=c&d==e&", "a=1|b=|=c|d==e");
}

static void pairs_that_are_no_text_are_refused(void **state)
{
    static const char *const bad[] = {"a=%", "a=%4", "%zz=1", "a=%00", "a=%FF", "%C3=1", "a=\xC3"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refuses(state, URLENCODED, bad[i], 400);
    const char *text = NULL;
    assert_int_equal(read_bytes(state, URLENCODED, "a=\0b", 4, &text), 400);
}

/* `first`, then `part` for each number below `count` (as %d), then `last`. */
static const char *repeated(void **state, int count, const char *const parts[3])
{
    struct buf *out = buf_new(*state, HTTP_BODY_BYTES_MAX);
    buf_put(out, parts[0]);
    for (int i = 0; i < count; i++) {
        const char *hole = strchr(parts[1], '#');
        buf_add(out, parts[1], (size_t)(hole - parts[1]));
        buf_put_int(out, i);
        buf_put(out, hole + 1);
    }
    buf_put(out, parts[2]);
    return out->bytes;
}

static void a_body_has_a_most_of_fields(void **state)
{
    const char *text = NULL;
    static const char *const shapes[][4] = {
        {URLENCODED, "", "f#=1&", ""},
        {JSON, "{\"z\":null", ",\"f#\":1", "}"},
        {MULTIPART, "--XyZ", "\r\nContent-Disposition: form-data; name=\"f#\"\r\n\r\n1\r\n--XyZ",
         "--"},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const char *most = repeated(state, FORM_FIELDS_MAX, shapes[i] + 1);
        assert_int_equal(read_bytes(state, shapes[i][0], most, strlen(most), &text), 0);
        assert_non_null(strstr(text, "f63=1"));
        assert_refuses(state, shapes[i][0], repeated(state, FORM_FIELDS_MAX + 1, shapes[i] + 1),
                       400);
    }
}

static void json_gives_the_same_values(void **state)
{
    assert_reads(state, JSON,
                 " {\"name\": \"Zo\\u00e9 \\ud83d\\udc1d\", \"n\": -12, \"yes\": true,"
                 " \"no\": false, \"nothing\": null, \"empty\": \"\"} ",
                 "name=Zoé 🐝|n=-12|yes=true|no=false|empty=");
    assert_reads(state, JSON, "{}", "");
}

static void json_numbers_are_written_as_people_would(void **state)
{
    assert_reads(state, JSON, "{\"a\":1.0,\"b\":2.5,\"c\":1e3,\"d\":0,\"e\":9007199254740993}",
                 "a=1|b=2.5|c=1000|d=0|e=9007199254740993");
    assert_refuses(state, JSON, "{\"a\":99999999999999999999}", 400);
    assert_refuses(state, JSON, "{\"a\":1e999}", 400);
    assert_refuses(state, JSON, "{\"a\":01}", 400);
}

static void json_that_is_no_flat_object_is_refused(void **state)
{
    static const char *const bad[] = {
        "[]",
        "[{\"a\":1}]",
        "\"a\"",
        "1",
        "null",
        "{",
        "{\"a\":1",
        "{\"a\":1}x",
        "{\"a\":1}{}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":[1]}",
        "{\"a\":{}}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":nul}",
        "\xEF\xBB\xBF{}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refuses(state, JSON, bad[i], 400);
}

static void json_that_is_no_text_is_refused(void **state)
{
    static const char *const bad[] = {"{\"a\":\"\\u0000\"}", "{\"a\\u0000b\":1}",
                                      "{\"a\":\"\xff\"}",    "{\"\xC3\":1}",
                                      "{\"a\":\"\\ud800\"}", "{\"a\":\"\n\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refuses(state, JSON, bad[i], 400);
    const char *text = NULL;
    assert_int_equal(read_bytes(state, JSON, "{\"a\":\"\0\"}", 9, &text), 400);
}

static void json_that_is_nested_deeply_is_refused(void **state)
{
    struct mem *mem = *state;
    char *deep = mem_alloc(mem, HTTP_BODY_BYTES_MAX + 1);
    memset(deep, '[', HTTP_BODY_BYTES_MAX);
    assert_refuses(state, JSON, deep, 400);
}

#define PART(name, value)                                                                          \
    "\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n--XyZ"

static void parts_are_read_in_their_order(void **state)
{
    assert_reads(state, MULTIPART,
                 "--XyZ" PART("b", "1") PART("a", "caf\xC3\xA9\r\n--Xy\r\n") PART("c", "") "--\r\n",
                 "b=1|a=café\r\n--Xy\r\n|c=");
    assert_reads(state, MULTIPART, "--XyZ" PART("a", "1") "--", "a=1");
    assert_reads(state, MULTIPART, "--XyZ--\r\n", "");
}

static void a_part_may_have_other_headers(void **state)
{
    assert_reads(state, MULTIPART,
                 "--XyZ\r\nContent-Type: text/plain; charset=utf-8\r\ncontent-disposition: "
                 "form-data; name=\"a\"\r\n\r\n1\r\n--XyZ--",
                 "a=1");
}

static void a_field_may_be_called_filename(void **state)
{
    assert_reads(state, MULTIPART, "--XyZ" PART("filename", "1") PART("my_filename", "2") "--",
                 "filename=1|my_filename=2");
}

static void a_boundary_may_be_quoted(void **state)
{
    assert_reads(state, "multipart/form-data; boundary=\"a b;c\"; charset=utf-8",
                 "--a b;c\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--a b;c--",
                 "a=1");
    assert_reads(state, "multipart/form-data; boundary=XyZ; charset=utf-8",
                 "--XyZ" PART("a", "1") "--", "a=1");
}

static void a_boundary_that_is_none_is_refused(void **state)
{
    struct mem *mem = *state;
    char *longest = mem_alloc(mem, 72);
    memset(longest, 'b', 71);
    const char *body = mem_printf(mem, "--%s--", longest);
    assert_refuses(state, mem_printf(mem, "multipart/form-data; boundary=%s", longest), body, 400);
    longest[70] = '\0';
    body = mem_printf(mem, "--%s--", longest);
    assert_reads(state, mem_printf(mem, "multipart/form-data; boundary=%s", longest), body, "");
    assert_refuses(state, "multipart/form-data", "--XyZ--", 400);
    assert_refuses(state, "multipart/form-data; boundary=", "--XyZ--", 400);
    assert_refuses(state, "multipart/form-data; boundary=\"\"", "--XyZ--", 400);
}

static void parts_that_are_broken_are_refused(void **state)
{
    static const char *const bad[] = {
        "XyZ",
        "--XyZ",
        "--XyZ-",
        "--XyZ\r\n",
        "--XyZ\r\n\r\n1\r\n--XyZ--",
        "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1",
        "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--XyZ",
        "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--XyZ-",
        "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n1\r\n--XyZ--",
        "--XyZ\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--XyZ--",
        "--XyZ\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XyZ--",
        "--XyZ\r\nContent-Type: text/plain; name=\"a\"\r\n\r\n1\r\n--XyZ--",
        "preamble\r\n--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--XyZ--",
        "--XyZ" PART("a", "1") "oops",
        "--XyZ" PART("a", "\xff") "--",
        "--XyZ" PART("\xff", "1") "--",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refuses(state, MULTIPART, bad[i], 400);
}

static void a_nul_in_a_part_is_refused(void **state)
{
    static const char body[] = "--XyZ" PART("a", "1\0002") "--";
    const char *text = NULL;
    assert_int_equal(read_bytes(state, MULTIPART, body, sizeof body - 1, &text), 400);
    static const char in_head[] = "--XyZ\r\n\0Content-Disposition: form-data; name=\"a\"\r\n\r\n1"
                                  "\r\n--XyZ--";
    assert_int_equal(read_bytes(state, MULTIPART, in_head, sizeof in_head - 1, &text), 400);
}

static void files_are_not_taken(void **state)
{
    assert_refuses(state, MULTIPART,
                   "--XyZ\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.txt\"\r\n"
                   "Content-Type: text/plain\r\n\r\n1\r\n--XyZ--",
                   400);
    assert_refuses(state, MULTIPART,
                   "--XyZ\r\nContent-Disposition: form-data; FileName*=a; name=\"a\"\r\n\r\n1\r\n"
                   "--XyZ--",
                   400);
}

/* Cut anywhere, a body is refused or read: never read past its end (the sanitizers watch). */
static void a_body_may_end_anywhere(void **state)
{
    static const char multipart[] = "--XyZ" PART("a", "1") PART("b", "2") "--\r\n";
    static const char json[] = "{\"a\":\"caf\xC3\xA9\",\"b\":12}";
    static const char pairs[] = "a=%41&b=caf%C3%A9";
    const char *text = NULL;
    for (size_t count = 0; count < sizeof multipart; count++)
        read_bytes(state, MULTIPART, multipart, count, &text);
    for (size_t count = 1; count < sizeof json - 1; count++)
        assert_int_equal(read_bytes(state, JSON, json, count, &text), 400);
    for (size_t count = 0; count < sizeof pairs; count++)
        read_bytes(state, URLENCODED, pairs, count, &text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_body_has_no_values),
        cmocka_unit_test(the_type_is_read_without_case_and_parameters),
        cmocka_unit_test(other_types_are_refused),
        cmocka_unit_test(what_says_that_it_is_json_is_known),
        cmocka_unit_test(pairs_keep_their_order),
        cmocka_unit_test(pairs_that_are_no_text_are_refused),
        cmocka_unit_test(a_body_has_a_most_of_fields),
        cmocka_unit_test(json_gives_the_same_values),
        cmocka_unit_test(json_numbers_are_written_as_people_would),
        cmocka_unit_test(json_that_is_no_flat_object_is_refused),
        cmocka_unit_test(json_that_is_no_text_is_refused),
        cmocka_unit_test(json_that_is_nested_deeply_is_refused),
        cmocka_unit_test(parts_are_read_in_their_order),
        cmocka_unit_test(a_part_may_have_other_headers),
        cmocka_unit_test(a_field_may_be_called_filename),
        cmocka_unit_test(a_boundary_may_be_quoted),
        cmocka_unit_test(a_boundary_that_is_none_is_refused),
        cmocka_unit_test(parts_that_are_broken_are_refused),
        cmocka_unit_test(a_nul_in_a_part_is_refused),
        cmocka_unit_test(files_are_not_taken),
        cmocka_unit_test(a_body_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
