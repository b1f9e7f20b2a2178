-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What organisers need of sign-ups: to find people, to add those who phoned, and to note something.
ALTER TABLE sign_up ADD COLUMN name_key TEXT NOT NULL DEFAULT ''; -- the first name folded, as the search and lists sort it
ALTER TABLE sign_up ADD COLUMN added_by BIGINT NOT NULL DEFAULT 0; -- the person who added it by hand; 0: nobody
ALTER TABLE sign_up ADD COLUMN note TEXT NOT NULL DEFAULT ''; -- of the organisers, for organisers alone

-- As the program folds names, for those of French: what is rarer sorts last until its row is written again.
UPDATE sign_up SET name_key = lower(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(replace(replace(first_name, 'é', 'e'), 'É', 'e'), 'è', 'e'), 'È', 'e'), 'ê', 'e'), 'ë', 'e'), 'ç', 'c'), 'Ç', 'c'),
    'à', 'a'), 'â', 'a'), 'î', 'i'), 'ï', 'i'), 'ô', 'o'), 'ö', 'o'), 'ü', 'u'), 'û', 'u'));

CREATE INDEX sign_up_by_campaign ON sign_up (campaign_id, id);
CREATE INDEX sign_up_by_name ON sign_up (campaign_id, name_key, id);
DROP INDEX sign_up_by_session;
CREATE INDEX sign_up_by_session ON sign_up (session_id, state, id);
CREATE INDEX sign_up_of_session ON sign_up (session_id, id);
CREATE INDEX sign_up_for_the_day ON sign_up (session_id, name_key, id) WHERE state IN ('confirmed', 'attended');
