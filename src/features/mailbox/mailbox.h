/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The mailbox: shows outgoing mails on a page of this machine where none are sent (--mailbox). It
 * reads core/outbox and keeps nothing itself; other features need nothing of it but its card. */
#pragma once

struct feature;

extern const struct feature mailbox_feature;
