-- The functions of a store on PostgreSQL: the only way in which clerks and managers write.
--
-- They belong to the store's owner and run with the owner's rights, so nothing in them may depend
-- on the session that calls them: every name is qualified, the search path is pinned, and literals
-- hold no backslash, whose meaning a session can change. Numbers in LC… are our own SQLSTATEs:
-- LC001 is a lost race, LC002 a rejection, whose rule stands in CONSTRAINT and whose values stand
-- in DETAIL as JSON. Plans are generic, because planning for each append would take longer than
-- what is planned.

CREATE OR REPLACE FUNCTION lifecycle.ledger_now() RETURNS timestamptz
LANGUAGE sql VOLATILE
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$ SELECT pg_catalog.clock_timestamp() $$;

-- What the login is to the store: owner, manager, clerk, auditor, or nothing.
CREATE OR REPLACE FUNCTION lifecycle.ledger_rank() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    -- Here `current_user` is the function's owner, and `session_user` the login. Whoever took on
    -- another role is still who logged in.
    IF pg_catalog.pg_has_role(session_user, current_user, 'USAGE') THEN
        RETURN 'owner';
    END IF;
    RETURN (
        SELECT held.kind FROM lifecycle.ledger_roles AS held
        JOIN pg_catalog.pg_roles AS role ON role.rolname = held.role
        WHERE pg_catalog.pg_has_role(session_user, role.oid, 'USAGE')
        ORDER BY pg_catalog.array_position(ARRAY['manager', 'clerk', 'auditor'], held.kind)
        LIMIT 1
    );
END $$;

-- What a signature is judged by: who asks, the note signed last, whether the key ever changed, and
-- the head. It reads by the rights of whoever calls it, as the two functions below do.
CREATE OR REPLACE FUNCTION lifecycle.ledger_signing_facts()
RETURNS TABLE(
    login_rank text, last_note text, key_changed boolean,
    version integer, last_position bigint, last_time text, packed bytea,
    hash_name text, store_origin text, first_signer text
)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT lifecycle.ledger_rank(), (
        SELECT kept.note FROM lifecycle.ledger_checkpoints AS kept ORDER BY kept.size DESC LIMIT 1
    ), EXISTS (
        SELECT FROM lifecycle.ledger_events AS event
        WHERE event.originator_id = 'county' AND starts_with(event.topic, 'SigningKeyChanged/')
    ),
    head.schema_version, head.position, head.recorded_at, head.frontier,
    head.tree_hash, head.origin, head.signer
    FROM lifecycle.ledger_head AS head;
END $$;

-- The events behind each first position of sixteen leaves, which a proof hashes.
CREATE OR REPLACE FUNCTION lifecycle.ledger_leaf_groups(firsts bigint[])
RETURNS TABLE(event_position bigint, stream text, version bigint, event_topic text, bytes bytea)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT stored.notification_id, stored.originator_id, stored.originator_version,
        stored.topic, stored.state
    FROM unnest(firsts) AS leaf_group(first)
    -- OFFSET keeps the planner from reading all events for a join.
    CROSS JOIN LATERAL (
        SELECT * FROM lifecycle.ledger_events AS event
        WHERE event.notification_id BETWEEN leaf_group.first AND leaf_group.first + 15 OFFSET 0
    ) AS stored;
END $$;

-- The hashes of sixteen siblings from each first number of a level on, one after another; NULL
-- where the tree has none.
CREATE OR REPLACE FUNCTION lifecycle.ledger_node_groups(levels integer[], firsts bigint[])
RETURNS TABLE(of_level integer, first_number bigint, hashes bytea)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT node_group.level, node_group.first, (
        SELECT string_agg(node.hash, '' ORDER BY node.number) FROM lifecycle.ledger_nodes AS node
        WHERE node.level = node_group.level
            AND node.number BETWEEN node_group.first AND node_group.first + 15
    ) FROM unnest(levels, firsts) AS node_group(level, first);
END $$;

CREATE OR REPLACE FUNCTION lifecycle.ledger_reject(rule text, reason text, detail jsonb)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'LC002', CONSTRAINT = rule, MESSAGE = reason, DETAIL = detail::text;
END $$;

-- One writer at a time, readers always. A table lock and no row lock, because `pg_locks` tells
-- everybody which session holds it.
CREATE OR REPLACE FUNCTION lifecycle.ledger_lock() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    LOCK TABLE lifecycle.ledger_head IN EXCLUSIVE MODE;
END $$;

-- The topic of the fact that a correction is about, through corrections of corrections; NULL where
-- there is no such fact.
CREATE OR REPLACE FUNCTION lifecycle.ledger_corrected_topic(
    in_stream text, correction jsonb, before bigint,
    new_streams text[], new_versions bigint[], new_topics text[], new_states bytea[]
) RETURNS text
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
DECLARE
    target bigint;
    target_topic text;
    target_state bytea;
BEGIN
    LOOP
        target := (correction ->> 'corrects')::bigint;
        -- A correction stands behind its target, so the loop ends.
        IF target IS NULL OR target >= before THEN
            RETURN NULL;
        END IF;
        SELECT event.topic, event.state INTO target_topic, target_state FROM (
            SELECT stored.topic, stored.state FROM lifecycle.ledger_events AS stored
            WHERE stored.originator_id = in_stream AND stored.originator_version = target
            UNION ALL
            SELECT added.topic, added.state
            FROM unnest(new_streams, new_versions, new_topics, new_states)
                AS added(stream, version, topic, state)
            WHERE added.stream = in_stream AND added.version = target
        ) AS event LIMIT 1;
        IF target_topic IS NULL OR split_part(target_topic, '/', 1) <> 'FactCorrected' THEN
            RETURN target_topic;
        END IF;
        before := target;
        correction := convert_from(target_state, 'UTF8')::jsonb;
    END LOOP;
END $$;

-- Whether the entries of a list are as its field declares them: words or dates, or objects.
CREATE OR REPLACE FUNCTION lifecycle.ledger_list_fits(list json, rule lifecycle.ledger_fields)
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    RETURN json_array_length(list) >= rule.least
        AND json_array_length(list) <= coalesce(rule.most, json_array_length(list))
        AND NOT EXISTS (
            SELECT FROM json_array_elements(list) AS entry
            WHERE NOT CASE
                WHEN rule.entries IS NOT NULL
                    THEN lifecycle.ledger_fits(entry.value, rule.entries, false)
                ELSE json_typeof(entry.value) = 'string'
                    AND (entry.value #>> '{}') ~ coalesce(rule.pattern, '')
                    AND coalesce((entry.value #>> '{}') = ANY (rule.words), true)
            END
        );
END $$;

-- Whether a JSON object has the fields of a shape, each as it is stored. Of a part, as a correction
-- replaces it, none is required, and null unsets a field that is not.
--
-- It reads json, which keeps what jsonb would tidy up: to the readers of an event `1e2` is no whole
-- number, and of a field that stands there twice they need not take the same.
CREATE OR REPLACE FUNCTION lifecycle.ledger_fits(object json, of_shape text, is_part boolean)
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    IF json_typeof(object) <> 'object' OR of_shape IS NULL THEN
        RETURN false;
    END IF;
    RETURN (
        SELECT count(*) = count(DISTINCT field.key)
            AND (is_part OR count(*) FILTER (WHERE rule.is_required) = (
                SELECT count(*) FROM lifecycle.ledger_fields AS declared
                WHERE declared.shape = of_shape AND declared.is_required
            ))
            AND coalesce(bool_and(CASE
                WHEN rule.shape IS NULL THEN false
                WHEN json_typeof(field.value) = 'null'
                    THEN rule.json_type = 'object' OR (is_part AND NOT rule.is_required)
                WHEN json_typeof(field.value) <> rule.json_type THEN false
                WHEN rule.json_type = 'array' THEN lifecycle.ledger_list_fits(field.value, rule)
                ELSE content.value ~ coalesce(rule.pattern, '')
                    AND coalesce(content.value = ANY (rule.words), true)
                    -- Readers bring text to NFC, in which a few signs take more room.
                    AND (rule.most IS NULL OR octet_length(content.value) <= rule.most
                        OR char_length(normalize(content.value)) <= rule.most)
            END), true)
        FROM json_each(object) AS field
        LEFT JOIN lifecycle.ledger_fields AS rule
            ON rule.shape = of_shape AND rule.field = field.key
        CROSS JOIN LATERAL (SELECT field.value #>> '{}' AS value) AS content
    );
END $$;

-- Whether a credit code's last character is the check character over the 17 before it (GB 32100).
CREATE OR REPLACE FUNCTION lifecycle.ledger_code_fits(code text) RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
DECLARE
    signs text := '0123456789ABCDEFGHJKLMNPQRTUWXY';
    weight integer := 1;
    total integer := 0;
BEGIN
    FOR place IN 1..17 LOOP
        total := total + weight * (strpos(signs, substr(code, place, 1)) - 1);
        weight := weight * 3 % 31;
    END LOOP;
    RETURN substr(signs, (31 - total % 31) % 31 + 1, 1) = substr(code, 18, 1);
END $$;

-- Whether a correction's replacement fits the fact that it corrects; none fits where there is none.
CREATE OR REPLACE FUNCTION lifecycle.ledger_replacement_fits(correction json, target_topic text)
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
DECLARE
    -- Of an earlier form of an event too, a correction names the fields of the present one.
    target_shape text := (
        SELECT declared.shape FROM lifecycle.ledger_fields AS declared
        WHERE split_part(declared.shape, '/', 1) = split_part(target_topic, '/', 1) LIMIT 1
    );
BEGIN
    -- What corrects no fact yet would change one that is still to come.
    RETURN (json_typeof(correction -> 'replacement') = 'null' AND target_topic IS NOT NULL)
        OR lifecycle.ledger_fits(correction -> 'replacement', target_shape, true);
END $$;

-- The number of the first event that not everybody can read, or NULL: what stands here stays, so
-- nobody could mend it. One pass over all fields of a batch, because a call for each event takes
-- longer than what it checks, and each text is matched once, because many are the same.
CREATE OR REPLACE FUNCTION lifecycle.ledger_first_unreadable(
    new_streams text[], new_versions bigint[], new_topics text[], new_states bytea[]
) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_generic_plan
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    RETURN (
        WITH event AS MATERIALIZED (
            SELECT added.*, split_part(added.topic, '/', 1) AS name, parsed.plain,
                json_typeof(parsed.plain) = 'object' AS is_object, content.text::jsonb AS fields
            FROM unnest(new_streams, new_versions, new_topics, new_states) WITH ORDINALITY
                AS added(stream, version, topic, state, number)
            CROSS JOIN LATERAL (
                SELECT convert_from(added.state, 'UTF8') AS text OFFSET 0
            ) AS content
            CROSS JOIN LATERAL (SELECT content.text::json AS plain OFFSET 0) AS parsed
        ),
        field AS MATERIALIZED (
            -- Without the patterns: with them the rows of a batch would not fit into memory.
            SELECT entry.number, entry.topic, entry.key, rule.is_required,
                -- A list's entries are matched with the list.
                CASE WHEN rule.json_type NOT IN ('array', 'object') THEN entry.text END AS text,
                CASE
                    -- No rule knows the field: a comparison with its null would let a list pass.
                    WHEN rule.shape IS NULL THEN false
                    WHEN entry.kind <> rule.json_type
                        THEN entry.kind = 'null' AND rule.json_type = 'object'
                    WHEN entry.kind = 'array' THEN lifecycle.ledger_list_fits(entry.value, rule)
                    -- Readers bring text to NFC, in which a few signs take more room.
                    WHEN CASE
                        WHEN octet_length(entry.text) > rule.most
                            THEN char_length(normalize(entry.text)) > rule.most
                    END THEN false
                    ELSE coalesce(entry.text = ANY (rule.words), rule.shape IS NOT NULL)
                END AS fits
            FROM (
                SELECT event.number, event.topic, member.key, member.value,
                    member.value #>> '{}' AS text, json_typeof(member.value) AS kind
                FROM event CROSS JOIN LATERAL json_each(event.plain) AS member
                WHERE event.is_object
                -- So that text and kind are read out of each value once.
                OFFSET 0
            ) AS entry
            LEFT JOIN lifecycle.ledger_fields AS rule
                ON rule.shape = entry.topic AND rule.field = entry.key
        ),
        shape AS MATERIALIZED (
            SELECT topics.topic, (
                SELECT count(*) FROM lifecycle.ledger_fields AS declared
                WHERE declared.shape = topics.topic AND declared.is_required
            ) AS required
            FROM (SELECT DISTINCT event.topic FROM event) AS topics
        ),
        counted AS (
            SELECT field.number, count(*) AS fields, bool_and(field.fits) AS fit,
                count(*) FILTER (WHERE field.is_required) AS required
            FROM field GROUP BY field.number
        ),
        unfit AS MATERIALIZED (
            SELECT text.number FROM (
                SELECT min(field.number) AS number, field.topic, field.key, field.text AS value
                FROM field WHERE field.text IS NOT NULL
                -- OFFSET keeps the planner from matching before it groups.
                GROUP BY field.topic, field.key, field.text OFFSET 0
            ) AS text
            JOIN lifecycle.ledger_fields AS rule
                ON rule.shape = text.topic AND rule.field = text.key
            WHERE NOT text.value ~ rule.pattern
            UNION ALL
            SELECT event.number FROM event
            JOIN shape ON shape.topic = event.topic
            LEFT JOIN counted ON counted.number = event.number
            WHERE NOT coalesce(
                counted.fit AND counted.required = shape.required
                -- jsonb keeps one of two fields of a name; readers need not take the same.
                AND counted.fields = (SELECT count(*) FROM jsonb_object_keys(event.fields))
                -- A bundle has an event a line, so its bytes hold no line break either.
                AND position(decode('0a', 'hex') IN event.state) = 0
                AND position(decode('0d', 'hex') IN event.state) = 0,
                false
            )
        ),
        first AS (SELECT min(unfit.number) AS number FROM unfit)
        SELECT least(first.number, (
            SELECT min(event.number) FROM event
            WHERE CASE
                -- Only what fits can be read as numbers.
                WHEN event.number >= first.number THEN false
                WHEN left(event.fields ->> 'occurred_on', 7) <> event.fields ->> 'month' THEN true
                WHEN event.fields ? 'investor_code'
                    AND NOT lifecycle.ledger_code_fits(event.fields ->> 'investor_code')
                    THEN true
                -- What the classes of events demand of several fields together.
                ELSE CASE event.name
                    WHEN 'InformationReported' THEN
                        event.fields ->> 'occurred_on' = left(event.fields ->> 'reported_at', 10)
                    WHEN 'AgreementAmended' THEN
                        event.fields ?| ARRAY['contract_investment', 'contract_fixed_assets']
                    WHEN 'LandAcquired' THEN
                        coalesce(event.fields ->> 'county_state_share', '0')::numeric
                            <= (event.fields ->> 'transfer_fee')::numeric
                    WHEN 'InvestmentReported' THEN
                        coalesce(event.fields ->> 'self_held_state_share', '0')::numeric
                            <= coalesce(event.fields ->> 'self_held', '0')::numeric
                    WHEN 'ScheduleSet' THEN (
                        SELECT count(DISTINCT milestone ->> 'stage') = count(*)
                            AND bool_and(
                                milestone ->> 'due_on' > event.fields ->> 'occurred_on' COLLATE "C"
                            )
                        FROM jsonb_array_elements(event.fields -> 'milestones') AS milestone
                    )
                    WHEN 'FollowedUp' THEN
                        event.fields ->> 'next_on' > event.fields ->> 'occurred_on' COLLATE "C"
                    WHEN 'ProjectTransferred' THEN
                        (event.fields ? 'to_unit') <> (event.fields ? 'to_zone')
                    WHEN 'TaskCleared' THEN
                        jsonb_array_length(coalesce(event.fields -> 'evidence', '[]')) > 0
                        AND event.fields ->> 'submitted_by' <> event.fields ->> 'reviewed_by'
                    WHEN 'FactCorrected' THEN lifecycle.ledger_replacement_fits(
                        event.plain,
                        lifecycle.ledger_corrected_topic(
                            event.stream, event.fields, event.version,
                            new_streams, new_versions, new_topics, new_states
                        )
                    )
                END IS FALSE
            END
        )) FROM first
    );
END $$;

-- Rejects an event that the login may not record so; the first one is named.
CREATE OR REPLACE FUNCTION lifecycle.ledger_check_events(
    head lifecycle.ledger_head, login_rank text,
    new_streams text[], new_versions bigint[], new_topics text[], new_states bytea[],
    new_keys text[], new_digests text[]
) RETURNS void
LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_generic_plan
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
DECLARE
    is_owner boolean := login_rank = 'owner';
    is_manager boolean := login_rank IN ('owner', 'manager');
    clock timestamptz := clock_timestamp();
    ledger_time timestamptz := nullif(head.recorded_at, '')::timestamptz;
    earliest timestamptz := greatest(clock - interval '60 seconds', ledger_time);
    latest timestamptz := greatest(clock + interval '60 seconds', ledger_time);
    broken record;
    unreadable bigint;
BEGIN
    SELECT * INTO broken FROM (
        SELECT checked.number, checked.stream, checked.topic, checked.author, checked.recorded_at,
            CASE
                -- Arrays of unequal lengths are filled up with NULL.
                WHEN checked.stream IS NULL OR checked.version IS NULL OR checked.topic IS NULL
                    OR checked.state IS NULL OR checked.key IS NULL OR checked.digest IS NULL
                    THEN 'shape'
                WHEN checked.streams IS NULL THEN 'unknown_topic'
                WHEN checked.stream !~ '^(county|(project|unit|resource)/[^[:cntrl:]]+)$'
                    OR octet_length(checked.stream) > 1000
                    OR split_part(checked.stream, '/', 1) <> ALL (checked.streams)
                    THEN 'foreign_stream'
                WHEN checked.version <> checked.before + checked.place THEN 'version'
                WHEN jsonb_typeof(checked.fields) <> 'object' OR checked.recorded_at IS NULL
                    OR checked.author IS NULL
                    THEN 'stamp'
                -- A counted repetition in a pattern costs as much as all other checks here.
                WHEN octet_length(checked.digest) <> 64 OR checked.digest ~ '[^0-9a-f]'
                    OR checked.key <> coalesce(
                        nullif(checked.fields ->> 'key', ''), checked.digest
                    )
                    THEN 'key'
                WHEN checked.is_reserved AND NOT is_manager THEN 'reserved'
                WHEN checked.stream = 'county' AND NOT is_manager
                    AND split_part(checked.topic, '/', 1) = 'FactCorrected'
                    AND coalesce((
                        SELECT target.reserved FROM lifecycle.ledger_topics AS target
                        WHERE target.topic = lifecycle.ledger_corrected_topic(
                            checked.stream, checked.fields, checked.version,
                            new_streams, new_versions, new_topics, new_states
                        )
                    ), true)
                    THEN 'reserved'
                WHEN checked.fields ? 'migrated_at' AND NOT is_manager THEN 'migrated'
                WHEN NOT is_owner AND octet_length(checked.state) > 1048576
                    AND NOT is_manager
                    THEN 'size'
                WHEN NOT is_owner AND checked.author <> session_user THEN 'author'
                WHEN checked.moment < coalesce(checked.moment_before, '-infinity')
                    AND split_part(checked.topic, '/', 1) <> 'RecordTimeCorrected'
                    THEN 'record_time'
                WHEN is_owner THEN NULL
                WHEN checked.fields ? 'migrated_at' AND checked.moment <= latest THEN NULL
                WHEN split_part(checked.topic, '/', 1) = 'RecordTimeCorrected'
                    AND abs(extract(epoch FROM checked.moment - clock)) <= 60
                    THEN NULL
                WHEN checked.moment NOT BETWEEN earliest AND latest THEN 'record_time'
            END AS rule
        FROM (
            SELECT stamped.*, lag(stamped.moment, 1, ledger_time) OVER (ORDER BY stamped.number)
                AS moment_before
            FROM (
                SELECT event.*, known.streams, known.reserved AS is_reserved,
                    json.fields, json.fields ->> 'recorded_at' AS recorded_at,
                    coalesce(json.fields ->> 'imported_by', json.fields ->> 'recorded_by')
                        AS author,
                    (json.fields ->> 'recorded_at')::timestamptz AS moment,
                    coalesce(ending.version, 0) AS before,
                    row_number() OVER (PARTITION BY event.stream ORDER BY event.number) AS place
                FROM unnest(
                    new_streams, new_versions, new_topics, new_states, new_keys, new_digests
                ) WITH ORDINALITY
                    AS event(stream, version, topic, state, key, digest, number)
                LEFT JOIN lifecycle.ledger_topics AS known ON known.topic = event.topic
                -- Of each stream once, and not for each of its events.
                LEFT JOIN (
                    SELECT named.stream, (
                        SELECT max(stored.originator_version) FROM lifecycle.ledger_events AS stored
                        WHERE stored.originator_id = named.stream
                    ) AS version
                    FROM (SELECT DISTINCT stream FROM unnest(new_streams) AS stream) AS named
                ) AS ending ON ending.stream = event.stream
                -- OFFSET keeps the planner from parsing the JSON once for each mention.
                CROSS JOIN LATERAL (
                    SELECT convert_from(event.state, 'UTF8')::jsonb AS fields OFFSET 0
                ) AS json
            ) AS stamped
        ) AS checked
    ) AS judged WHERE judged.rule IS NOT NULL ORDER BY judged.number LIMIT 1;
    -- Of the owner's own history nothing is asked but that it follows.
    IF NOT is_owner AND coalesce(broken.rule, 'record_time') = 'record_time' THEN
        unreadable := lifecycle.ledger_first_unreadable(
            new_streams, new_versions, new_topics, new_states
        );
    END IF;
    IF unreadable <= coalesce(broken.number, unreadable) THEN
        SELECT 'fields' AS rule, event.number, event.stream, event.topic,
            NULL AS author, NULL AS recorded_at
        INTO broken
        FROM unnest(new_streams, new_topics) WITH ORDINALITY AS event(stream, topic, number)
        WHERE event.number = unreadable;
    END IF;
    IF broken.rule IS NOT NULL THEN
        PERFORM lifecycle.ledger_reject(
            broken.rule, 'the ledger rejects the event: ' || broken.rule,
            jsonb_build_object(
                'event', broken.number, 'stream', broken.stream, 'topic', broken.topic,
                'author', broken.author, 'recorded_at', broken.recorded_at,
                'login', session_user, 'clock', clock
            )
        );
    END IF;
END $$;

-- The leaf hashes of events (RFC 6962, 2.1): 0x00, then `stream LF version LF topic LF` and bytes.
CREATE OR REPLACE FUNCTION lifecycle.ledger_leaves(
    new_streams text[], new_versions bigint[], new_topics text[], new_states bytea[]
) RETURNS bytea[]
LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_generic_plan
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    RETURN (SELECT array_agg(
        sha256(
            decode('00', 'hex')
            || convert_to(
                concat(event.stream, chr(10), event.version, chr(10), event.topic, chr(10)), 'UTF8'
            )
            || event.state
        ) ORDER BY event.number
    )
    FROM unnest(new_streams, new_versions, new_topics, new_states) WITH ORDINALITY
        AS event(stream, version, topic, state, number));
END $$;

-- Appends leaves to the tree of a size: returns its frontier, and stores the nodes that became
-- complete, at every fourth level.
CREATE OR REPLACE FUNCTION lifecycle.ledger_grow(size bigint, frontier bytea, leaves bytea[])
RETURNS bytea
LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_generic_plan
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
DECLARE
    first bigint := size;  -- the number of the first node within its level
    height integer := 0;
    nodes bytea[] := leaves;
    count integer := cardinality(leaves);
    kept integer := octet_length(frontier) / 32;  -- roots of the frontier that stay
    smaller bytea := decode('', 'hex');
BEGIN
    WHILE count > 0 LOOP
        IF first % 2 = 1 THEN  -- its left sibling is the smallest root so far
            nodes := array_prepend(substring(frontier FROM kept * 32 - 31 FOR 32), nodes);
            kept := kept - 1;
            count := count + 1;
        END IF;
        IF count % 2 = 1 THEN
            smaller := nodes[count] || smaller;
            count := count - 1;
        END IF;
        count := count / 2;
        IF count > 0 THEN
            nodes := (
                -- Not by subscripts: each would look for its place from the array's beginning.
                SELECT array_agg(
                    sha256(decode('01', 'hex') || pair.left_node || pair.right_node)
                    ORDER BY pair.place
                )
                FROM (
                    SELECT node.place, node.hash AS left_node,
                        lead(node.hash) OVER (ORDER BY node.place) AS right_node
                    FROM unnest(nodes) WITH ORDINALITY AS node(hash, place)
                ) AS pair WHERE pair.place % 2 = 1 AND pair.place < 2 * count
            );
        END IF;
        first := first / 2;
        height := height + 1;
        IF height % 4 = 0 AND count > 0 THEN
            INSERT INTO lifecycle.ledger_nodes (level, number, hash)
            SELECT height / 4, first + node.place - 1, node.hash
            FROM unnest(nodes) WITH ORDINALITY AS node(hash, place);
        END IF;
    END LOOP;
    RETURN substring(frontier FROM 1 FOR kept * 32) || smaller;
END $$;

-- Claims of the streams that the append is about, and numbers that only rise.
CREATE OR REPLACE FUNCTION lifecycle.ledger_store_claims(
    first bigint, last bigint, new_streams text[],
    lost_kinds text[], lost_values text[], lost_streams text[],
    taken_kinds text[], taken_values text[], taken_streams text[], taken_positions bigint[],
    signs text[], years integer[], counters bigint[]
) RETURNS void
LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_generic_plan
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT unnest(lost_streams) UNION SELECT unnest(taken_streams)
        EXCEPT SELECT unnest(new_streams)
    ) OR EXISTS (
        SELECT FROM unnest(taken_positions) AS place WHERE place NOT BETWEEN first AND last
    ) THEN
        PERFORM lifecycle.ledger_reject(
            'foreign_claim', 'a claim of a stream that the append is not about', '{}'
        );
    END IF;
    -- Removals first: a stream may have lost a claim here and taken it again.
    DELETE FROM lifecycle.ledger_claims AS claim
    USING unnest(lost_kinds, lost_values, lost_streams) AS lost(kind, value, stream)
    WHERE claim.kind = lost.kind AND claim.value = lost.value AND claim.stream = lost.stream;
    INSERT INTO lifecycle.ledger_claims (kind, value, stream, position)
    SELECT * FROM unnest(taken_kinds, taken_values, taken_streams, taken_positions)
    ON CONFLICT DO NOTHING;
    INSERT INTO lifecycle.ledger_numbers AS stored (sign, year, counter)
    SELECT * FROM unnest(signs, years, counters)
    ON CONFLICT (sign, year) DO UPDATE SET counter = EXCLUDED.counter
    WHERE EXCLUDED.counter > stored.counter;
END $$;

-- Appends events behind the position at which they were decided on.
--
-- The hashes are computed here, except in a store of SM3, which PostgreSQL does not know: there
-- they are taken as given, with the tree's frontier and nodes.
CREATE OR REPLACE FUNCTION lifecycle.ledger_append(
    decided_at bigint,
    new_streams text[], new_versions bigint[], new_topics text[], new_states bytea[],
    new_keys text[], new_digests text[],
    lost_kinds text[], lost_values text[], lost_streams text[],
    taken_kinds text[], taken_values text[], taken_streams text[], taken_positions bigint[],
    signs text[], years integer[], counters bigint[],
    evidence text[], evidence_positions bigint[],
    sm3_leaves bytea[], sm3_frontier bytea,
    sm3_levels integer[], sm3_numbers bigint[], sm3_hashes bytea[]
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET plan_cache_mode = force_generic_plan
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
DECLARE
    head lifecycle.ledger_head;
    closure lifecycle.ledger_closures;
    login_rank text := lifecycle.ledger_rank();
    added integer := cardinality(new_states);
    last bigint := decided_at + added;
    last_stored bigint;
    leaves bytea[];
    grown bytea;
BEGIN
    IF login_rank IS NULL OR login_rank = 'auditor' OR added IS NULL OR added = 0 THEN
        PERFORM lifecycle.ledger_reject('shape', 'nothing to append, or nobody to append it', '{}');
    END IF;
    PERFORM lifecycle.ledger_lock();
    SELECT * INTO STRICT head FROM lifecycle.ledger_head;
    IF head.position <> decided_at THEN
        RAISE EXCEPTION 'another process recorded first' USING ERRCODE = 'LC001';
    END IF;
    SELECT * INTO closure FROM lifecycle.ledger_closures ORDER BY number DESC LIMIT 1;
    IF closure.closed = 1 THEN
        PERFORM lifecycle.ledger_reject(
            'closed', 'the store takes no events',
            jsonb_build_object('decided_at', closure.decided_at, 'reason', closure.reason)
        );
    END IF;
    SELECT coalesce(max(notification_id), 0) INTO last_stored FROM lifecycle.ledger_events;
    IF last_stored <> head.position THEN
        PERFORM lifecycle.ledger_reject(
            'head', 'the events do not end where the head does',
            jsonb_build_object('stored', last_stored, 'position', head.position)
        );
    END IF;
    PERFORM lifecycle.ledger_check_events(
        head, login_rank, new_streams, new_versions, new_topics, new_states, new_keys, new_digests
    );
    IF head.tree_hash = 'sha256' THEN
        leaves := lifecycle.ledger_leaves(new_streams, new_versions, new_topics, new_states);
        grown := lifecycle.ledger_grow(head.position, head.frontier, leaves);
    ELSE
        leaves := sm3_leaves;
        grown := sm3_frontier;
        INSERT INTO lifecycle.ledger_nodes (level, number, hash)
        SELECT * FROM unnest(sm3_levels, sm3_numbers, sm3_hashes);
    END IF;
    INSERT INTO lifecycle.ledger_events
        (notification_id, originator_id, originator_version, topic, state)
    SELECT decided_at + event.number, event.stream, event.version, event.topic, event.state
    FROM unnest(new_streams, new_versions, new_topics, new_states) WITH ORDINALITY
        AS event(stream, version, topic, state, number);
    INSERT INTO lifecycle.ledger_keys (key, digest, position, leaf)
    SELECT event.key, event.digest, decided_at + event.number, event.leaf
    FROM unnest(new_keys, new_digests, leaves) WITH ORDINALITY
        AS event(key, digest, leaf, number);
    IF coalesce(cardinality(lost_kinds), 0) + coalesce(cardinality(taken_kinds), 0)
        + coalesce(cardinality(signs), 0) > 0
    THEN
        PERFORM lifecycle.ledger_store_claims(
            decided_at + 1, last, new_streams, lost_kinds, lost_values, lost_streams,
            taken_kinds, taken_values, taken_streams, taken_positions, signs, years, counters
        );
    END IF;
    PERFORM lifecycle.ledger_store_evidence(decided_at + 1, new_states, evidence, evidence_positions);
    INSERT INTO lifecycle.ledger_logins (first, last, login)
    VALUES (decided_at + 1, last, session_user);
    UPDATE lifecycle.ledger_head SET position = last, frontier = grown, recorded_at = (
        SELECT convert_from(ending.state, 'UTF8')::jsonb ->> 'recorded_at' FROM (
            -- By order and not by subscript: an array may begin at any number.
            SELECT event.state FROM unnest(new_states) WITH ORDINALITY AS event(state, number)
            ORDER BY event.number DESC LIMIT 1
        ) AS ending
    );
    -- Whoever listens without reading can fill the server's queue; nobody's record waits for that.
    IF pg_notification_queue_usage() < 0.5 THEN
        PERFORM pg_notify('ledger_events', '');
    END IF;
END $$;

CREATE OR REPLACE FUNCTION lifecycle.ledger_store_evidence(
    first bigint, new_states bytea[], evidence text[], evidence_positions bigint[]
) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    IF coalesce(cardinality(evidence), 0) = 0 THEN
        RETURN;
    END IF;
    IF EXISTS (
        SELECT FROM unnest(evidence, evidence_positions) AS kept(sha256, place)
        LEFT JOIN unnest(new_states) WITH ORDINALITY AS event(state, number)
            ON event.number = kept.place - first + 1
        WHERE event.state IS NULL OR kept.sha256 IS NULL
            OR kept.sha256 !~ '^[0-9a-f]{64}$'
            OR position(convert_to(concat('"', kept.sha256, '"'), 'UTF8') IN event.state) = 0
    ) THEN
        PERFORM lifecycle.ledger_reject(
            'shape', 'evidence that the event does not name', '{}'
        );
    END IF;
    INSERT INTO lifecycle.ledger_evidence (sha256, position)
    SELECT * FROM unnest(evidence, evidence_positions) ON CONFLICT DO NOTHING;
END $$;

-- A signed note on what the tree was.
CREATE OR REPLACE FUNCTION lifecycle.ledger_keep_checkpoint(
    checkpoint_size bigint, checkpoint_signer text, checkpoint_note text
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    IF coalesce(lifecycle.ledger_rank(), '') NOT IN ('owner', 'manager')
        OR checkpoint_size NOT BETWEEN 0 AND (SELECT position FROM lifecycle.ledger_head)
    THEN
        PERFORM lifecycle.ledger_reject('shape', 'a checkpoint beyond the ledger', '{}');
    END IF;
    -- Signing the same tree twice is no error: the note that is stored stays.
    INSERT INTO lifecycle.ledger_checkpoints (size, signer, note)
    VALUES (checkpoint_size, checkpoint_signer, checkpoint_note) ON CONFLICT DO NOTHING;
END $$;

-- The first signer, once; a later key is an event.
CREATE OR REPLACE FUNCTION lifecycle.ledger_set_signer(first_signer text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    IF coalesce(lifecycle.ledger_rank(), '') NOT IN ('owner', 'manager') THEN
        PERFORM lifecycle.ledger_reject('reserved', 'only owner and manager set the signer', '{}');
    END IF;
    UPDATE lifecycle.ledger_head SET signer = first_signer;
END $$;

-- Contacts of investors stand beside the ledger. Who changed one, and when, the server says.
CREATE OR REPLACE FUNCTION lifecycle.ledger_set_contact(
    of_project text, of_person text, new_telephone text, new_position text, new_remark text
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
DECLARE
    closure lifecycle.ledger_closures;
    moment text := to_char(
        date_trunc('second', clock_timestamp()) AT TIME ZONE interval '8 hours',
        'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'
    );
BEGIN
    SELECT * INTO closure FROM lifecycle.ledger_closures ORDER BY number DESC LIMIT 1;
    IF closure.closed = 1 THEN
        PERFORM lifecycle.ledger_reject(
            'closed', 'the store takes no contacts',
            jsonb_build_object('decided_at', closure.decided_at, 'reason', closure.reason)
        );
    END IF;
    INSERT INTO lifecycle.investor_contacts AS held
        (project, person, telephone, position, remark, changed_by, changed_at)
    VALUES (of_project, of_person, new_telephone, new_position, new_remark, session_user, moment)
    ON CONFLICT (project, person) DO UPDATE SET telephone = EXCLUDED.telephone,
        position = EXCLUDED.position, remark = EXCLUDED.remark,
        changed_by = EXCLUDED.changed_by, changed_at = EXCLUDED.changed_at;
END $$;

-- Erasing is never rejected, in a closed store neither: the person has a right to it.
CREATE OR REPLACE FUNCTION lifecycle.ledger_erase_contacts(of_project text, of_person text)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    DELETE FROM lifecycle.investor_contacts
    WHERE project = of_project AND (of_person IS NULL OR person = of_person);
END $$;

-- The contacts of a project that gets another code; of what stands there, the same persons go.
CREATE OR REPLACE FUNCTION lifecycle.ledger_move_contacts(old_project text, new_project text)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, lifecycle, pg_temp
AS $$
BEGIN
    DELETE FROM lifecycle.investor_contacts WHERE project = new_project AND person IN (
        SELECT moving.person FROM lifecycle.investor_contacts AS moving
        WHERE moving.project = old_project
    );
    UPDATE lifecycle.investor_contacts SET project = new_project WHERE project = old_project;
END $$;
