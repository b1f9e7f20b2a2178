/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The audit log: who did what, of those who administrate and organise. A line is written in the
 * transaction of the act, so that there is none without the other. It is read by administrators and
 * kept for AUDIT_KEPT_DAYS. (What happens to campaigns for everyone to see is core/activity's.) */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"

struct feature;
struct work;

extern const struct feature audit_feature;

enum {
    AUDIT_KEPT_DAYS = 365,
    AUDIT_LIST_MAX = 100, /* lines of one page */
};

/* A new one is a line here and one in audit.c. */
enum audit_action {
    AUDIT_CAMPAIGN_PUBLISH,
    AUDIT_CAMPAIGN_SUBMIT,
    AUDIT_CAMPAIGN_APPROVE,
    AUDIT_CAMPAIGN_SEND_BACK,
    AUDIT_CAMPAIGN_TAKE_BACK, /* changed while it waited */
    AUDIT_CAMPAIGN_CANCEL,
    AUDIT_CAMPAIGN_EXTEND,
    AUDIT_CAMPAIGN_EDIT,
    AUDIT_CAMPAIGN_HIDE,
    AUDIT_CAMPAIGN_SHOW,
    AUDIT_CAMPAIGN_UNFLAG, /* what was said of it was looked at */
    AUDIT_CAMPAIGN_CLOSE,  /* "this is done" */
    AUDIT_ORGANISER_INVITE,
    AUDIT_ORGANISER_JOIN,
    AUDIT_ORGANISER_REMOVE,
    AUDIT_SIGN_UP_ADD,
    AUDIT_SIGN_UP_REMOVE,
    AUDIT_SIGN_UP_CHANGE,
    AUDIT_PEOPLE_EXPORT,
    AUDIT_SIGN_UP_TOLD,    /* who has no address heard what others got by mail */
    AUDIT_SIGN_UP_CONFIRM, /* "still comes", said for somebody */
    AUDIT_MESSAGE_TO_ALL,
    AUDIT_REPORT_CORRECT,
    AUDIT_FACTOR_ADD,
    AUDIT_FACTOR_CHANGE,
    AUDIT_MAIL_TEST,
    AUDIT_SETTINGS,
    AUDIT_PERSON_INVITE,
    AUDIT_PERSON_UNINVITE,
    AUDIT_PERSON_ROLE,
    AUDIT_PERSON_FIRST, /* administrator, by the first link */
    AUDIT_PERSON_SUSPEND,
    AUDIT_PERSON_LIFT,
    AUDIT_PERSON_SIGN_OUT,
    AUDIT_PERSON_LINK,
    AUDIT_JOB_AGAIN,
    AUDIT_JOB_DROP,
    AUDIT_ACTIONS
};

/* What it was done to. No text of it may hold a person's name or address: those are joined from the
 * person while there is one. */
struct audit_object {
    struct person_id person; /* {0}: nobody with an account */
    int64_t id;              /* its row, whatever that is */
    const char *title;       /* NULL: none */
    const char *path;        /* its page; NULL: none */
};

/* Writes one line: by work->login (nobody: the program itself), in work->community, at work->now.
 * `detail` is what the action leaves open: a word of the program's own ("facilitator"), a number,
 * or "". As for a campaign: campaign_audit. */
void audit_add(struct work *work, enum audit_action action, const struct audit_object *object,
               const char *detail);

/* How often work->login did that since. */
int64_t audit_count(struct work *work, enum audit_action action, int64_t since);

/* "campaign.cancel", as it stands in the table and in addresses; and in words, a msgid. */
const char *audit_action_name(enum audit_action action);
const char *audit_action_words(enum audit_action action);
/* False, and untouched, for a name that is no action's. */
bool audit_action_read(const char *name, enum audit_action *ret_action);

struct audit {
    const struct audit *next;
    const char *handle;
    enum audit_action action;
    bool by_program;          /* no person did it */
    const char *actor_name;   /* "" for one who is forgotten, or has no name */
    const char *actor_email;  /* "" for one who is forgotten */
    const char *person_email; /* to whom; "" for nobody, or one who is forgotten */
    const char *title;
    const char *path;
    const char *detail;
    int64_t at;
};

struct audit_query {
    bool of_action; /* of `action` alone */
    enum audit_action action;
    const char *before; /* the handle of the line after which it goes on; "": from the newest on */
    int count;          /* up to AUDIT_LIST_MAX */
};

/* Lines of the community of `work`, the newest first. */
const struct audit *audit_list(struct work *work, const struct audit_query *query);
