/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Thousands of viewers of a few objects, served by one thread and one epoll set. Sockets come from
 * event threads and changes from the writer: both only leave a note under the lock and ring the
 * bell. All else belongs to the thread alone.
 *
 * An object's state is read and written out once a round, however many watch it. A viewer who
 * cannot take a whole event at once is sent away: its browser comes back in three seconds and gets
 * the state that counts then, so that nothing is ever queued for a slow line. */
#include "web/live.h"

#include <assert.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/db.h"
#include "sys/db_readers.h"
#include "sys/http.h"
#include "sys/nice.h"
#include "web/app.h"
#include "web/community.h"
#include "web/live_local.h"

enum {
    LIVE_BYTES_MAX = 4 * 1024 * 1024,
    FOLLOWED_BYTES_MAX = 64 * 1024,
    WAKES_MAX = 1024, /* changes between two rounds; more count as "everything" */
    BUCKETS = 4096,
    EVENTS_MAX = 256,              /* of one epoll_wait */
    FILES_OF_OTHERS = 64,          /* the database and the process itself */
    SEND_BUFFER_BYTES = 16 * 1024, /* what the kernel keeps for a viewer who does not read */
};

static const char stream_head[] = "HTTP/1.1 200 OK\r\n"
                                  "Content-Type: text/event-stream\r\n"
                                  "Cache-Control: no-store\r\n"
                                  "X-Accel-Buffering: no\r\n"
                                  "X-Content-Type-Options: nosniff\r\n"
                                  "Referrer-Policy: same-origin\r\n"
                                  "Connection: close\r\n"
                                  "\r\n"
                                  "retry: 3000\n\n";
/* To this answer a browser does not come back. */
static const char gone_head[] = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
static const char alive_event[] = "event: alive\ndata: {}\n\n";

struct viewer {
    struct viewer *next; /* of the same object, or of the free ones */
    struct viewer *previous;
    struct followed *followed;
    int socket;
    bool is_new; /* has not even the head yet */
};

/* An object that somebody watches, with its copy of the community, on a root of its own. It is made
 * by live_follow for one viewer, and handed over to the thread. */
struct followed {
    struct mem *mem;
    struct followed *next;      /* of its bucket, or of the arrivals */
    struct followed *todo_next; /* to look at in the next round */
    struct object object;
    const struct community *community;
    live_data *data;
    struct viewer *viewers; /* new ones first */
    int viewers_count;
    int64_t sent_ms; /* when all of them got the last event */
    int socket;      /* of the arrival */
    bool is_todo;
    bool is_changed;
};

struct live {
    struct mem *mem;
    struct app *app;
    pthread_t thread;
    int poll; /* epoll set: the bell and every viewer */
    int bell; /* eventfd */
    int alive_ms;
    int viewers_max;
    atomic_int viewers_count;

    pthread_mutex_t lock; /* for what others leave */
    struct followed *arrivals;
    struct object wakes[WAKES_MAX];
    int wakes_count;
    bool wake_all;
    bool stopping;

    struct followed **buckets; /* the thread's own, from here on */
    struct followed *todo;
    struct viewer *free_viewers;
    int64_t alive_at_ms;
};

static void ring(struct live *live)
{
    uint64_t one = 1;
    ssize_t written = write(live->bell, &one, sizeof one);
    (void)written; /* a bell that rings already cannot be rung more */
}

static struct followed **bucket_of(struct live *live, struct object object)
{
    uint64_t hash = ((uint64_t)object.id * 31 + (uint64_t)object.kind) * 0x9e3779b97f4a7c15u;
    return &live->buckets[(hash >> 32) % BUCKETS];
}

static bool object_equal(struct object a, struct object b)
{
    return a.kind == b.kind && a.id == b.id;
}

static void followed_look_at(struct live *live, struct followed *followed)
{
    if (followed->is_todo)
        return;
    followed->is_todo = true;
    followed->todo_next = live->todo;
    live->todo = followed;
}

static void followed_changed(struct live *live, struct followed *followed)
{
    followed->is_changed = true;
    followed_look_at(live, followed);
}

/* Forgets an object that nobody watches any more. */
static void followed_settle(struct live *live, struct followed *followed)
{
    if (followed->viewers || followed->is_todo)
        return;
    struct followed **place = bucket_of(live, followed->object);
    while (*place != followed)
        place = &(*place)->next;
    *place = followed->next;
    mem_free(followed->mem);
}

static void viewer_end(struct live *live, struct viewer *viewer)
{
    if (viewer->next)
        viewer->next->previous = viewer->previous;
    if (viewer->previous)
        viewer->previous->next = viewer->next;
    else
        viewer->followed->viewers = viewer->next;
    viewer->followed->viewers_count--;
    /* The library may still hold its end for a moment: closing ours would not be enough. */
    epoll_ctl(live->poll, EPOLL_CTL_DEL, viewer->socket, NULL);
    shutdown(viewer->socket, SHUT_RDWR);
    close(viewer->socket);
    viewer->next = live->free_viewers;
    live->free_viewers = viewer;
    atomic_fetch_sub(&live->viewers_count, 1);
}

/* All of it at once, or the viewer is sent away. */
static void viewer_send(struct live *live, struct viewer *viewer, const char *text)
{
    size_t count = strlen(text);
    if (send(viewer->socket, text, count, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)count)
        viewer_end(live, viewer);
}

/* The greeting goes to the new viewers, the event to the others; NULL: nothing for them. */
static void followed_send(struct live *live, struct followed *followed, const char *greeting,
                          const char *event)
{
    struct viewer *next = NULL;
    for (struct viewer *viewer = followed->viewers; viewer; viewer = next) {
        next = viewer->next;
        const char *text = viewer->is_new ? greeting : event;
        if (!text)
            return; /* the new ones come first */
        viewer->is_new = false;
        viewer_send(live, viewer, text);
    }
}

static void followed_end(struct live *live, struct followed *followed, const char *farewell)
{
    followed_send(live, followed, farewell, NULL);
    while (followed->viewers)
        viewer_end(live, followed->viewers);
}

/* The present state on `mem`, NULL when there is none; false: it could not be read. */
static bool followed_read(struct live *live, const struct followed *followed, struct mem *mem,
                          const char **ret_data)
{
    struct db *db = db_readers_take(live->app->readers);
    if (!db)
        return false;
    struct work work = {.app = live->app,
                        .mem = mem,
                        .tx = db_begin(db, mem),
                        .now = clock_now(live->app->clock),
                        .community = followed->community};
    tx_limit(work.tx, READ_MS_MAX);
    *ret_data = followed->data(&work, followed->object.id);
    bool fine = tx_fault(work.tx) == TX_FINE;
    if (!fine)
        log_event(LOG_ERROR, "live_failed", log_int("object", followed->object.id),
                  log_text("error", tx_error(work.tx)));
    tx_rollback(work.tx);
    db_readers_give(live->app->readers, db);
    return fine;
}

/* When the next event may go: the more there are who watch, the more one of them costs, and those
 * who sign up wait for nobody's screen. */
static int64_t followed_due_ms(const struct followed *followed)
{
    int64_t pause_ms = (int64_t)followed->viewers_count * 1000 / LIVE_SENDS_MAX;
    return followed->sent_ms + (pause_ms > LIVE_EVENT_MS_MIN ? pause_ms : LIVE_EVENT_MS_MIN);
}

/* The new viewers get the head and the state at once, the others the state if it changed and their
 * time has come. What cannot be read ends the streams: the browsers come back. */
static void followed_serve(struct live *live, struct followed *followed, int64_t now_ms)
{
    bool is_due = followed->is_changed && now_ms >= followed_due_ms(followed);
    if (!followed->viewers || (!is_due && !followed->viewers->is_new))
        return;
    struct mem *mem = mem_new(REQUEST_BYTES_MAX);
    const char *data = NULL;
    bool fine = followed_read(live, followed, mem, &data);
    if (fine && data) {
        assert(!strpbrk(data, "\r\n"));
        const char *event = mem_printf(mem, "event: progress\ndata: %s\n\n", data);
        const char *greeting = mem_printf(mem, "%s%s", stream_head, event);
        followed_send(live, followed, greeting, is_due ? event : NULL);
    } else {
        followed_end(live, followed, fine ? gone_head : stream_head);
    }
    mem_free(mem);
    if (is_due) {
        followed->is_changed = false;
        followed->sent_ms = now_ms;
    }
}

/* Serves every object that was to be looked at; those whose time has not come stay. The time of the
 * next look. */
static int64_t serve_round(struct live *live)
{
    int64_t now_ms = clock_monotonic_ms();
    int64_t next_ms = live->alive_at_ms;
    struct followed *todo = live->todo;
    live->todo = NULL;
    while (todo) {
        struct followed *followed = todo;
        todo = followed->todo_next;
        followed->is_todo = false;
        followed_serve(live, followed, now_ms);
        int64_t due_ms = followed_due_ms(followed);
        if (followed->viewers && followed->is_changed) {
            followed_look_at(live, followed);
            next_ms = due_ms < next_ms ? due_ms : next_ms;
        }
        followed_settle(live, followed);
    }
    return next_ms;
}

static void for_each_followed(struct live *live, void (*act)(struct live *, struct followed *))
{
    for (int i = 0; i < BUCKETS; i++) {
        struct followed *next = NULL;
        for (struct followed *followed = live->buckets[i]; followed; followed = next) {
            next = followed->next;
            act(live, followed);
        }
    }
}

static void followed_keep_alive(struct live *live, struct followed *followed)
{
    followed_send(live, followed, NULL, alive_event);
    followed_settle(live, followed);
}

static void followed_forget(struct live *live, struct followed *followed)
{
    followed->is_todo = false;
    followed_end(live, followed, NULL);
    followed_settle(live, followed);
}

/* A viewer of the object from now on; the arrival's root becomes the object's, or ends. */
static void arrive(struct live *live, struct followed *arrival)
{
    struct followed **place = bucket_of(live, arrival->object);
    struct followed *followed = *place;
    while (followed &&
           (!object_equal(followed->object, arrival->object) || followed->data != arrival->data))
        followed = followed->next;
    struct viewer *viewer = live->free_viewers;
    live->free_viewers = viewer->next;
    *viewer = (struct viewer){.socket = arrival->socket, .is_new = true};
    if (followed) {
        mem_free(arrival->mem);
    } else {
        followed = arrival;
        followed->next = *place;
        *place = followed;
    }
    viewer->followed = followed;
    viewer->next = followed->viewers;
    if (viewer->next)
        viewer->next->previous = viewer;
    followed->viewers = viewer;
    followed->viewers_count++;
    followed_look_at(live, followed);
    struct epoll_event left = {.events = EPOLLRDHUP, .data.ptr = viewer};
    epoll_ctl(live->poll, EPOLL_CTL_ADD, viewer->socket, &left);
}

static void wake(struct live *live, struct object object)
{
    for (struct followed *followed = *bucket_of(live, object); followed; followed = followed->next)
        if (object_equal(followed->object, object))
            followed_changed(live, followed);
}

/* Takes what others left; false: it is time to stop. */
static bool take_notes(struct live *live)
{
    struct object wakes[WAKES_MAX];
    pthread_mutex_lock(&live->lock);
    bool stopping = live->stopping;
    bool wake_all = live->wake_all;
    int count = live->wakes_count;
    memcpy(wakes, live->wakes, sizeof *wakes * (size_t)count);
    struct followed *arrivals = live->arrivals;
    live->arrivals = NULL;
    live->wakes_count = 0;
    live->wake_all = false;
    pthread_mutex_unlock(&live->lock);

    for (int i = 0; i < count; i++)
        wake(live, wakes[i]);
    if (wake_all)
        for_each_followed(live, followed_changed);
    while (arrivals) {
        struct followed *arrival = arrivals;
        arrivals = arrival->next;
        arrive(live, arrival);
    }
    return !stopping;
}

/* Waits until the bell rings, a viewer leaves, or the time has come. */
static void wait_until(struct live *live, int64_t at_ms)
{
    struct epoll_event events[EVENTS_MAX];
    int64_t wait_ms = at_ms - clock_monotonic_ms();
    int count = epoll_wait(live->poll, events, EVENTS_MAX, wait_ms > 0 ? (int)wait_ms : 0);
    for (int i = 0; i < count; i++) {
        struct viewer *viewer = events[i].data.ptr;
        if (!viewer) {
            uint64_t rings;
            ssize_t bytes = read(live->bell, &rings, sizeof rings);
            (void)bytes;
            continue;
        }
        viewer_end(live, viewer);
        followed_settle(live, viewer->followed);
    }
}

static void *live_run(void *context)
{
    struct live *live = context;
    nice_thread(NICE_TELLS);
    while (take_notes(live)) {
        int64_t next_ms = serve_round(live);
        if (clock_monotonic_ms() >= live->alive_at_ms) {
            for_each_followed(live, followed_keep_alive);
            live->alive_at_ms = clock_monotonic_ms() + live->alive_ms;
        }
        wait_until(live, next_ms);
    }
    for_each_followed(live, followed_forget);
    return NULL;
}

static void free_viewers_fill(struct live *live)
{
    struct viewer *viewers = MEM_ARRAY(live->mem, struct viewer, live->viewers_max);
    for (int i = 0; i < live->viewers_max; i++) {
        viewers[i].next = live->free_viewers;
        live->free_viewers = &viewers[i];
    }
}

static void live_free(struct live *live)
{
    if (live->poll >= 0)
        close(live->poll);
    if (live->bell >= 0)
        close(live->bell);
    pthread_mutex_destroy(&live->lock);
    mem_free(live->mem);
}

struct live *live_start_with(struct app *app, int alive_ms, int viewers_max)
{
    struct mem *mem = mem_new(LIVE_BYTES_MAX);
    struct live *live = MEM_NEW(mem, struct live);
    live->mem = mem;
    live->app = app;
    live->alive_ms = alive_ms;
    live->viewers_max = viewers_max;
    live->alive_at_ms = clock_monotonic_ms() + alive_ms;
    live->buckets = MEM_ARRAY(mem, struct followed *, BUCKETS);
    free_viewers_fill(live);
    pthread_mutex_init(&live->lock, NULL);
    live->poll = epoll_create1(EPOLL_CLOEXEC);
    live->bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    struct epoll_event rung = {.events = EPOLLIN};
    if (live->poll >= 0 && live->bell >= 0 &&
        epoll_ctl(live->poll, EPOLL_CTL_ADD, live->bell, &rung) == 0 &&
        pthread_create(&live->thread, NULL, live_run, live) == 0)
        return live;
    log_event(LOG_ERROR, "live_start_failed", log_int("alive_ms", alive_ms));
    live_free(live);
    return NULL;
}

int live_viewers_max(int files)
{
    int max = files - http_connections_of(files) - FILES_OF_OTHERS - files / CACHE_FILES_SHARE;
    if (max < 1)
        return 1;
    return max < LIVE_VIEWERS_MAX ? max : LIVE_VIEWERS_MAX;
}

struct live *live_start(struct app *app)
{
    return live_start_with(app, LIVE_ALIVE_SECONDS * 1000, live_viewers_max(http_files_raise()));
}

void live_stop(struct live *live)
{
    pthread_mutex_lock(&live->lock);
    live->stopping = true;
    pthread_mutex_unlock(&live->lock);
    ring(live);
    pthread_join(live->thread, NULL);
    live_free(live);
}

static const struct community *community_copy(struct mem *mem, const struct community *from)
{
    if (!from)
        return NULL;
    _Static_assert(sizeof *from == 9 * sizeof(char *),
                   "a new text of a community is copied as well");
    struct community *copy = MEM_NEW(mem, struct community);
    *copy = *from;
    copy->slug = mem_strdup(mem, from->slug);
    copy->name = mem_strdup(mem, from->name);
    copy->description = mem_strdup(mem, from->description);
    copy->language = mem_strdup(mem, from->language);
    copy->time_zone = mem_strdup(mem, from->time_zone);
    copy->host = from->host ? mem_strdup(mem, from->host) : NULL;
    copy->contact = from->contact ? mem_strdup(mem, from->contact) : NULL;
    return copy;
}

/* Events are small and rare: they go at once, little waits in the kernel, and a peer that fell
 * silent is given up after two missed signs of life. */
static void socket_prepare(const struct live *live, int socket)
{
    int yes = 1;
    int buffer_bytes = SEND_BUFFER_BYTES;
    int silence_ms = 2 * live->alive_ms;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
    setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &silence_ms, sizeof silence_ms);
}

bool live_follow(struct live *live, int socket, struct object object,
                 const struct community *community, live_data *data)
{
    if (atomic_fetch_add(&live->viewers_count, 1) >= live->viewers_max) {
        atomic_fetch_sub(&live->viewers_count, 1);
        close(socket);
        return false;
    }
    socket_prepare(live, socket);
    struct mem *mem = mem_new(FOLLOWED_BYTES_MAX);
    struct followed *arrival = MEM_NEW(mem, struct followed);
    *arrival = (struct followed){.mem = mem,
                                 .object = object,
                                 .community = community_copy(mem, community),
                                 .data = data,
                                 .socket = socket};
    pthread_mutex_lock(&live->lock);
    arrival->next = live->arrivals;
    live->arrivals = arrival;
    pthread_mutex_unlock(&live->lock);
    ring(live);
    return true;
}

/* Whoever comes at this moment reads what was committed. And who was rung for already will see all
 * that is left for him. */
void live_wake(struct live *live, const struct notes *touched)
{
    if (live_viewers(live) == 0)
        return;
    pthread_mutex_lock(&live->lock);
    bool is_rung = live->wakes_count > 0 || live->wake_all || live->arrivals;
    live->wake_all = live->wake_all || touched->over;
    for (int i = 0; i < touched->count; i++) {
        if (live->wakes_count < WAKES_MAX)
            live->wakes[live->wakes_count++] = touched->objects[i];
        else
            live->wake_all = true;
    }
    pthread_mutex_unlock(&live->lock);
    if (!is_rung)
        ring(live);
}

int live_viewers(const struct live *live)
{
    return atomic_load(&live->viewers_count);
}
