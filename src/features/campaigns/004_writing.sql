-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What the organiser wrote: the wall clocks of opening and deadline in the campaign's zone, as 2026-11-28T14:00:00. '' for the
-- opening: as soon as it is published; '' for the deadline: written before wall clocks were kept, closes_at is all there is.
ALTER TABLE campaign ADD COLUMN opens_local TEXT NOT NULL DEFAULT '';
ALTER TABLE campaign ADD COLUMN closes_local TEXT NOT NULL DEFAULT '';
-- 1: its page is for who has the address; it is in no list, and search engines keep out.
ALTER TABLE campaign ADD COLUMN unlisted SMALLINT NOT NULL DEFAULT 0;
-- 1: seats were taken once, so that rows of sign-ups may hang on it for ever. Of older sessions nobody knows.
ALTER TABLE session ADD COLUMN used SMALLINT NOT NULL DEFAULT 1;
