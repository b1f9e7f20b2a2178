/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Many at once: who asks in the same moment as others does not wait until one more asks something,
 * and who finds all places taken gets the first that is free. */
#include "sys/http.h"

#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/http_fixture.h"

/* As many as the library takes from the kernel at once, and twice that. */
enum { AT_ONCE = 128, CROWD_MAX = 2 * AT_ONCE, FILES = 300, WORLD_BYTES_MAX = 1024 * 1024 };

/* A server of one event thread, which /long keeps busy until it may go on. It is not answered: the
 * kernel's word that its answer has arrived would wake the thread. */
struct world {
    struct mem *mem;
    struct http_server *server;
    sem_t busy;
    sem_t go_on;
    int clients[CROWD_MAX];
    struct answer answer;
};

static void handle(void *context, struct http_exchange *exchange)
{
    struct world *world = context;
    if (str_equal(http_request(exchange)->path, "/long")) {
        sem_post(&world->busy);
        sem_wait(&world->go_on);
        close(http_take_socket(exchange));
    } else {
        http_answer(exchange, &(struct http_reply){.status = 204});
    }
}

static int start(void **state)
{
    log_set_level(LOG_ERROR);
    struct mem *mem = mem_new(WORLD_BYTES_MAX);
    struct world *world = MEM_NEW(mem, struct world);
    world->mem = mem;
    *state = world;
    sem_init(&world->busy, 0, 0);
    sem_init(&world->go_on, 0, 0);
    struct http_config config = {
        .address = "127.0.0.1", .threads = 1, .handle = handle, .context = world};
    world->server = http_start(&config);
    return world->server ? 0 : -1;
}

static int stop(void **state)
{
    struct world *world = *state;
    bool stopped = http_stop(world->server);
    mem_free(world->mem);
    return stopped ? 0 : -1;
}

static void ask(int client, const char *path)
{
    char request[64];
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path);
    client_send(client, request);
}

static void assert_answered(struct world *world, int client)
{
    assert_int_equal(client_read(client, false, &world->answer), 204);
}

/* All of them ask while the one thread is busy, so that it finds all of that at once. */
static void assert_crowd_is_answered(struct world *world, int count)
{
    for (int i = 0; i < count; i++) {
        world->clients[i] = client_connect(http_port(world->server));
        ask(world->clients[i], "/");
        assert_answered(world, world->clients[i]);
    }
    int other = client_connect(http_port(world->server));
    ask(other, "/long");
    sem_wait(&world->busy);
    for (int i = 0; i < count; i++)
        ask(world->clients[i], "/");
    sem_post(&world->go_on);
    for (int i = 0; i < count; i++) {
        assert_answered(world, world->clients[i]);
        close(world->clients[i]);
    }
    close(other);
}

static void test_one_who_asks_is_answered(void **state)
{
    assert_crowd_is_answered(*state, 1);
}

static void test_as_many_as_are_taken_at_once_are_answered(void **state)
{
    assert_crowd_is_answered(*state, AT_ONCE);
}

static void test_twice_as_many_are_answered(void **state)
{
    assert_crowd_is_answered(*state, CROWD_MAX);
}

static int start_small(void **state)
{
    struct rlimit files = {.rlim_cur = FILES, .rlim_max = FILES};
    return setrlimit(RLIMIT_NOFILE, &files) == 0 ? start(state) : -1;
}

static void test_who_comes_to_a_full_house_gets_the_first_place(void **state)
{
    struct world *world = *state;
    int places = http_connections_of(FILES);
    for (int i = 0; i <= places; i++) {
        world->clients[i] = client_connect(http_port(world->server));
        ask(world->clients[i], "/");
        if (i < places)
            assert_answered(world, world->clients[i]);
    }
    close(world->clients[0]);
    assert_answered(world, world->clients[places]);
    for (int i = 1; i <= places; i++)
        close(world->clients[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_who_asks_is_answered, start, stop),
        cmocka_unit_test_setup_teardown(test_as_many_as_are_taken_at_once_are_answered, start,
                                        stop),
        cmocka_unit_test_setup_teardown(test_twice_as_many_are_answered, start, stop),
        cmocka_unit_test_setup_teardown(test_who_comes_to_a_full_house_gets_the_first_place,
                                        start_small, stop), /* the last: others need more files */
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
