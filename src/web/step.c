/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between a thread that waits and the writer's, which works. Where the writer has no thread, its
 * submit does all of it before it returns, and the wait ends at once. */
#include "web/step.h"

#include <pthread.h>

#include "base/limits.h"
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/db.h"
#include "web/app.h"
#include "web/commits.h"
#include "web/work.h"
#include "web/writer.h"

struct waiting {
    struct writer_task task; /* first: the writer knows this part alone */
    struct step *step;
    void (*act)(struct work *work, void *context);
    void *context;
    struct work work;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool is_ended;
    enum writer_end end;
};

static bool task_run(struct writer_task *task, struct tx *tx)
{
    struct waiting *waiting = (struct waiting *)task;
    waiting->work = (struct work){
        .app = waiting->step->app,
        .mem = waiting->step->mem,
        .tx = tx,
        .now = clock_now(waiting->step->app->clock),
    };
    struct step *step = waiting->step;
    waiting->act(&waiting->work, waiting->context);
    bool over = mem_is_over(step->mem);
    bool fine = tx_fault(tx) == TX_FINE && !over;
    snprintf(step->fault, sizeof step->fault, "%s", over ? "memory" : tx_error(tx));
    return fine;
}

static void task_done(struct writer_task *task, enum writer_end end)
{
    struct waiting *waiting = (struct waiting *)task;
    if (writer_may_have_kept(end))
        commits_publish(waiting->step->app, &waiting->work.touched);
    pthread_mutex_lock(&waiting->lock);
    waiting->end = end;
    waiting->is_ended = true;
    pthread_cond_signal(&waiting->ended);
    pthread_mutex_unlock(&waiting->lock);
}

static bool wait_until_kept(struct waiting *waiting)
{
    pthread_mutex_lock(&waiting->lock);
    while (!waiting->is_ended)
        pthread_cond_wait(&waiting->ended, &waiting->lock);
    pthread_mutex_unlock(&waiting->lock);
    return waiting->end == WRITER_KEPT;
}

bool step_run(struct step *step, void (*act)(struct work *work, void *context), void *context)
{
    struct waiting waiting = {
        .task = {.lane = LANE_BULK,
                 .ms_max = step->ms_max ? step->ms_max : JOB_MS_MAX,
                 .mem = step->mem,
                 .touched = &waiting.work.touched,
                 .run = task_run,
                 .done = task_done},
        .step = step,
        .act = act,
        .context = context,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .ended = PTHREAD_COND_INITIALIZER,
    };
    struct mem_mark start = mem_mark(step->mem);
    bool kept = writer_submit(step->app->writer, &waiting.task) && wait_until_kept(&waiting);
    if (!kept)
        mem_rewind(step->mem, start);
    pthread_cond_destroy(&waiting.ended);
    pthread_mutex_destroy(&waiting.lock);
    return kept;
}
