/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The vet on its own: what it accepts and what length it reads, what it refuses and with which
 * status. What reaches it over the wire is http_test.c's. */
#include "sys/http_local.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "sys/http.h"

/* The number of bytes to expect, HTTP_BODY_CHUNKED, or minus the status of the refusal. */
static int64_t vet_head(const struct http_head *head)
{
    int64_t untouched = 77;
    int64_t body_bytes = untouched;
    int refusal = http_vet(head, &body_bytes);
    assert_true(refusal == 0 || body_bytes == untouched);
    return refusal == 0 ? body_bytes : -refusal;
}

/* Vets a request to "/a" with Host and up to two more headers. */
static int64_t vet(const char *version, const char *host, const struct http_header *more, int count)
{
    struct http_header headers[3] = {{.name = "Host", .value = host}};
    for (int i = 0; i < count; i++)
        headers[1 + i] = more[i];
    struct http_head head = {.method = "POST",
                             .target = "/a",
                             .version = version,
                             .headers = headers,
                             .headers_count = 1 + count};
    return vet_head(&head);
}

static int64_t vet_header(const char *name, const char *value)
{
    return vet("HTTP/1.1", "a", &(struct http_header){.name = name, .value = value}, 1);
}

static int64_t vet_request(const char *method, const char *target)
{
    struct http_header host = {.name = "hOsT", .value = "a"};
    struct http_head head = {.method = method,
                             .target = target,
                             .version = "HTTP/1.0",
                             .headers = &host,
                             .headers_count = 1};
    return vet_head(&head);
}

static void a_length_is_read_from_digits_alone(void **state)
{
    (void)state;
    assert_int_equal(vet_header("X-A", "b\tc \303\251"), 0);
    assert_int_equal(vet_header("content-length", "0042"), 42);
    static const char *const wrong[] = {"", "-1", "+1", "1 ", "1,1", "0x1", "1.0", "one"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(vet_header("Content-Length", wrong[i]), -400);
}

static void a_body_above_the_limit_is_too_large_however_it_is_written(void **state)
{
    (void)state;
    char text[32];
    snprintf(text, sizeof text, "%d", HTTP_BODY_BYTES_MAX);
    assert_int_equal(vet_header("Content-Length", text), HTTP_BODY_BYTES_MAX);
    snprintf(text, sizeof text, "%d", HTTP_BODY_BYTES_MAX + 1);
    assert_int_equal(vet_header("Content-Length", text), -413);
    assert_int_equal(vet_header("Content-Length", "99999999999999999999999999"), -413);
}

static void chunked_is_the_only_encoding_and_stands_alone_on_1_1(void **state)
{
    (void)state;
    struct http_header chunked[] = {{"Transfer-Encoding", "Chunked"}, {"Content-Length", "5"}};
    assert_int_equal(vet("HTTP/1.1", "a", chunked, 1), HTTP_BODY_CHUNKED);
    assert_int_equal(vet("HTTP/1.0", "a", chunked, 1), -400);
    assert_int_equal(vet("HTTP/1.1", "a", chunked, 2), -400);
    chunked[1] = chunked[0];
    assert_int_equal(vet("HTTP/1.1", "a", chunked, 2), -400);
    assert_int_equal(vet_header("Transfer-Encoding", "identity"), -400);
    assert_int_equal(vet_header("Transfer-Encoding", "chunked, chunked"), -400);
    assert_int_equal(vet_header("Transfer-Encoding", ""), -400);
}

static void headers_that_frame_the_message_come_once(void **state)
{
    (void)state;
    struct http_header twice[] = {{"Content-Length", "5"}, {"Content-Length", "5"}};
    assert_int_equal(vet("HTTP/1.1", "a", twice, 2), -400);
    assert_int_equal(vet_header("Host", "a"), -400);
}

static void a_host_is_a_name_or_an_address_and_perhaps_a_port(void **state)
{
    (void)state;
    static const char *const right[] = {"a",         "a.example:8080", "a_b-c.example.",
                                        "127.0.0.1", "[::1]:443",      "xn--caf-dma.fr"};
    static const char *const wrong[] = {"",      " ",   "a b",         "a:",  "a:123456", "a:8x",
                                        "[::1",  "[]x", "a/b",         "u@a", "a,b",      "[g]",
                                        "a:1:2", ":80", "caf\303\251", "a\\b"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        assert_int_equal(vet("HTTP/1.1", right[i], NULL, 0), 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(vet("HTTP/1.1", wrong[i], NULL, 0), -400);
    char name[300];
    memset(name, 'a', sizeof name);
    name[255] = '\0';
    assert_int_equal(vet("HTTP/1.1", name, NULL, 0), 0);
    name[255] = 'a';
    name[256] = '\0';
    assert_int_equal(vet("HTTP/1.1", name, NULL, 0), -400);
}

static void names_are_tokens_and_values_hold_no_control_characters(void **state)
{
    (void)state;
    static const char *const names[] = {"", "A ", " A", "A:", "A\tB", "(A)", "\303\251", "A\001"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(vet_header(names[i], "b"), -400);
    assert_int_equal(vet_header("X!#$%&'*+-.^_`|~9", "b"), 0);
    static const char *const values[] = {"\001", "a\rb", "a\nb", "\033[1m", "\177"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        assert_int_equal(vet_header("X", values[i]), -400);
}

static void a_target_is_a_path_in_visible_ascii(void **state)
{
    (void)state;
    assert_int_equal(vet_request("GET", "/"), 0);
    assert_int_equal(vet_request("GET", "/a%20b?c=%C3%A9&d=//e"), 0);
    static const char *const wrong[] = {NULL,   "",        "a",      "*",     "http://a/", "/a b",
                                        "/%00", "/?a=%00", "/\r\nX", "/\177", "/\303\251"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(vet_request("GET", wrong[i]), -400);
}

static void a_method_is_a_token(void **state)
{
    (void)state;
    assert_int_equal(vet_request("PROPFIND", "/"), 0);
    assert_int_equal(vet_request("", "/"), -400);
    assert_int_equal(vet_request("G T", "/"), -400);
}

static void only_versions_1_0_and_1_1_are_spoken(void **state)
{
    (void)state;
    assert_int_equal(vet("HTTP/1.0", "a", NULL, 0), 0);
    assert_int_equal(vet("HTTP/1.2", "a", NULL, 0), -400);
    assert_int_equal(vet("", "a", NULL, 0), -400);
}

static void more_headers_than_the_limit_are_refused(void **state)
{
    (void)state;
    struct http_header headers[HTTP_HEADERS_MAX + 1] = {{"Host", "a"}};
    for (int i = 1; i <= HTTP_HEADERS_MAX; i++)
        headers[i] = (struct http_header){"X", "y"};
    struct http_head head = {
        .method = "GET", .target = "/", .version = "HTTP/1.1", .headers = headers};
    head.headers_count = HTTP_HEADERS_MAX;
    assert_int_equal(vet_head(&head), 0);
    head.headers_count = HTTP_HEADERS_MAX + 1;
    assert_int_equal(vet_head(&head), -431);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_length_is_read_from_digits_alone),
        cmocka_unit_test(a_body_above_the_limit_is_too_large_however_it_is_written),
        cmocka_unit_test(chunked_is_the_only_encoding_and_stands_alone_on_1_1),
        cmocka_unit_test(headers_that_frame_the_message_come_once),
        cmocka_unit_test(a_host_is_a_name_or_an_address_and_perhaps_a_port),
        cmocka_unit_test(names_are_tokens_and_values_hold_no_control_characters),
        cmocka_unit_test(a_target_is_a_path_in_visible_ascii),
        cmocka_unit_test(a_method_is_a_token),
        cmocka_unit_test(only_versions_1_0_and_1_1_are_spoken),
        cmocka_unit_test(more_headers_than_the_limit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
