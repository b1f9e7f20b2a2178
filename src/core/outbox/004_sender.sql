-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Which of several processes sends, by its own number, and until when nobody else may.
ALTER TABLE mail_server ADD COLUMN sender BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mail_server ADD COLUMN sender_until BIGINT NOT NULL DEFAULT 0; -- the system's time; 0: anybody may
