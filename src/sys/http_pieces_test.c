/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Bodies that are made while they go out, on real sockets: they come whole, in the memory of one
 * piece; what fails on the way is cut, so that nobody takes it for the whole; and a client may
 * leave. */
#include "sys/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/http_fixture.h"

enum { PIECES = 5, PIECE_BYTES = 100000, READ_BYTES = 4096 };

/* A letter for each piece; after them all is well, or not. */
struct in_pieces {
    int count;
    bool fails;
    char bytes[PIECE_BYTES];
};

static bool next_piece(void *context, const char **ret_bytes, size_t *ret_count)
{
    struct in_pieces *in = context;
    *ret_count = 0;
    if (in->count == PIECES)
        return !in->fails;
    memset(in->bytes, 'a' + in->count++, PIECE_BYTES);
    *ret_bytes = in->bytes;
    *ret_count = PIECE_BYTES;
    return true;
}

static void handle(void *context, struct http_exchange *exchange)
{
    (void)context;
    struct in_pieces *in = MEM_NEW(http_mem(exchange), struct in_pieces);
    in->fails = str_equal(http_request(exchange)->path, "/fails");
    http_answer(exchange,
                &(struct http_reply){.status = 200, .next = next_piece, .next_context = in});
}

static int start(void **state)
{
    log_set_level(LOG_WARNING);
    *state = http_start(&(struct http_config){.address = "127.0.0.1", .threads = 1, handle});
    return *state ? 0 : -1;
}

static int stop(void **state)
{
    return http_stop(*state) ? 0 : -1;
}

/* What a connection brought until it ended, letter by letter how often; and its last bytes. */
struct brought {
    int letters[PIECES];
    char last[8];
};

static struct brought bring(struct http_server *server, const char *target)
{
    struct brought brought = {0};
    char request[128];
    char bytes[READ_BYTES];
    int client = client_connect(http_port(server));
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
             target);
    client_send(client, request);
    bool in_body = false;
    for (ssize_t count; (count = recv(client, bytes, sizeof bytes, 0)) > 0;) {
        for (ssize_t i = 0; i < count; i++) {
            memmove(brought.last, brought.last + 1, sizeof brought.last - 2);
            brought.last[sizeof brought.last - 2] = bytes[i];
            in_body = in_body || strstr(brought.last, "\r\n\r\n");
            if (in_body && bytes[i] >= 'a' && bytes[i] < 'a' + PIECES)
                brought.letters[bytes[i] - 'a']++;
        }
    }
    close(client);
    return brought;
}

static bool ends_well(const struct brought *brought)
{
    return strstr(brought->last, "0\r\n\r\n") != NULL;
}

/* The lengths of chunks are written in hexadecimal, which has these letters too: a few. */
static void assert_all_there(const struct brought *brought)
{
    for (int i = 0; i < PIECES; i++)
        assert_in_range(brought->letters[i], PIECE_BYTES, PIECE_BYTES + 100);
}

static void a_body_in_pieces_comes_whole(void **state)
{
    struct brought brought = bring(*state, "/well");
    assert_all_there(&brought);
    assert_true(ends_well(&brought));
}

static void a_body_that_cannot_be_finished_is_cut(void **state)
{
    struct brought brought = bring(*state, "/fails");
    assert_false(ends_well(&brought));
    brought = bring(*state, "/well"); /* and the server lives on */
    assert_true(ends_well(&brought));
}

static void a_client_may_leave_in_the_middle(void **state)
{
    char byte;
    int client = client_connect(http_port(*state));
    client_send(client, "GET /well HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(recv(client, &byte, 1, 0), 1);
    close(client);
    struct brought brought = bring(*state, "/well");
    assert_all_there(&brought);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_body_in_pieces_comes_whole, start, stop),
        cmocka_unit_test_setup_teardown(a_body_that_cannot_be_finished_is_cut, start, stop),
        cmocka_unit_test_setup_teardown(a_client_may_leave_in_the_middle, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
