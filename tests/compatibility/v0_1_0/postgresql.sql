--
-- PostgreSQL database dump
--


-- Dumped from database version 16.14
-- Dumped by pg_dump version 16.14

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: mood; Type: TYPE; Schema: public; Owner: lifecycle_test_clerk
--

CREATE TYPE public.mood AS ENUM (
    'a'
);


ALTER TYPE public.mood OWNER TO lifecycle_test_clerk;

--
-- Name: stored_event_text; Type: TYPE; Schema: public; Owner: lifecycle_test_owner
--

CREATE TYPE public.stored_event_text AS (
	originator_id text,
	originator_version bigint,
	topic text,
	state bytea
);


ALTER TYPE public.stored_event_text OWNER TO lifecycle_test_owner;

--
-- Name: eq(bigint, integer); Type: FUNCTION; Schema: public; Owner: lifecycle_test_clerk
--

CREATE FUNCTION public.eq(bigint, integer) RETURNS boolean
    LANGUAGE sql
    AS $$SELECT true$$;


ALTER FUNCTION public.eq(bigint, integer) OWNER TO lifecycle_test_clerk;

--
-- Name: es_insert_events_text(public.stored_event_text[]); Type: FUNCTION; Schema: public; Owner: lifecycle_test_owner
--

CREATE FUNCTION public.es_insert_events_text(events public.stored_event_text[]) RETURNS SETOF bigint
    LANGUAGE plpgsql
    AS $$BEGIN    SET LOCAL lock_timeout = '30s';    NOTIFY "ledger_events";    RETURN QUERY    INSERT INTO "public"."ledger_events" AS t (    originator_id, originator_version, topic, state)    SELECT originator_id, originator_version, topic, state    FROM unnest(events)    RETURNING notification_id;END;$$;


ALTER FUNCTION public.es_insert_events_text(events public.stored_event_text[]) OWNER TO lifecycle_test_owner;

--
-- Name: ledger_refuse(); Type: FUNCTION; Schema: public; Owner: lifecycle_test_owner
--

CREATE FUNCTION public.ledger_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'the ledger is append-only: record a FactCorrected instead'; END $$;


ALTER FUNCTION public.ledger_refuse() OWNER TO lifecycle_test_owner;

--
-- Name: trap(); Type: FUNCTION; Schema: public; Owner: lifecycle_test_clerk
--

CREATE FUNCTION public.trap() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'ran as %', current_user; END $$;


ALTER FUNCTION public.trap() OWNER TO lifecycle_test_clerk;

--
-- Name: =; Type: OPERATOR; Schema: public; Owner: lifecycle_test_clerk
--

CREATE OPERATOR public.= (
    FUNCTION = public.eq,
    LEFTARG = bigint,
    RIGHTARG = integer
);


ALTER OPERATOR public.= (bigint, integer) OWNER TO lifecycle_test_clerk;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: deadlines; Type: TABLE; Schema: public; Owner: lifecycle_clerk
--

CREATE TABLE public.deadlines (
    project text NOT NULL,
    line integer NOT NULL,
    kind text NOT NULL,
    unit text NOT NULL,
    about text,
    due_on text NOT NULL,
    clause text NOT NULL,
    basis text NOT NULL,
    estimated boolean NOT NULL
);


ALTER TABLE public.deadlines OWNER TO lifecycle_clerk;

--
-- Name: figures; Type: TABLE; Schema: public; Owner: lifecycle_clerk
--

CREATE TABLE public.figures (
    project text NOT NULL,
    month text NOT NULL,
    fixed_assets numeric,
    self_held numeric,
    self_held_state_share numeric,
    tax numeric
);


ALTER TABLE public.figures OWNER TO lifecycle_clerk;

--
-- Name: ledger_checkpoints; Type: TABLE; Schema: public; Owner: lifecycle_test_owner
--

CREATE TABLE public.ledger_checkpoints (
    size bigint NOT NULL,
    signer text NOT NULL,
    note text NOT NULL
);


ALTER TABLE public.ledger_checkpoints OWNER TO lifecycle_test_owner;

--
-- Name: ledger_claims; Type: TABLE; Schema: public; Owner: lifecycle_test_owner
--

CREATE TABLE public.ledger_claims (
    kind text NOT NULL,
    value text NOT NULL,
    stream text NOT NULL,
    "position" bigint NOT NULL
);


ALTER TABLE public.ledger_claims OWNER TO lifecycle_test_owner;

--
-- Name: ledger_events; Type: TABLE; Schema: public; Owner: lifecycle_test_owner
--

CREATE TABLE public.ledger_events (
    originator_id text NOT NULL,
    originator_version bigint NOT NULL,
    topic text,
    state bytea,
    notification_id bigint NOT NULL
)
WITH (autovacuum_enabled='true', autovacuum_vacuum_threshold='100000000', autovacuum_vacuum_scale_factor='0.5', autovacuum_analyze_threshold='1000', autovacuum_analyze_scale_factor='0.01');


ALTER TABLE public.ledger_events OWNER TO lifecycle_test_owner;

--
-- Name: ledger_events_notification_id_seq; Type: SEQUENCE; Schema: public; Owner: lifecycle_test_owner
--

CREATE SEQUENCE public.ledger_events_notification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE public.ledger_events_notification_id_seq OWNER TO lifecycle_test_owner;

--
-- Name: ledger_events_notification_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: lifecycle_test_owner
--

ALTER SEQUENCE public.ledger_events_notification_id_seq OWNED BY public.ledger_events.notification_id;


--
-- Name: ledger_head; Type: TABLE; Schema: public; Owner: lifecycle_test_owner
--

CREATE TABLE public.ledger_head (
    one integer NOT NULL,
    schema_version integer NOT NULL,
    "position" bigint NOT NULL,
    recorded_at text NOT NULL,
    frontier bytea NOT NULL,
    tree_hash text NOT NULL,
    origin text NOT NULL,
    signer text NOT NULL,
    CONSTRAINT ledger_head_one_check CHECK ((one = 1))
);


ALTER TABLE public.ledger_head OWNER TO lifecycle_test_owner;

--
-- Name: ledger_keys; Type: TABLE; Schema: public; Owner: lifecycle_test_owner
--

CREATE TABLE public.ledger_keys (
    key text NOT NULL,
    digest text NOT NULL,
    "position" bigint NOT NULL,
    leaf bytea NOT NULL
);


ALTER TABLE public.ledger_keys OWNER TO lifecycle_test_owner;

--
-- Name: ledger_nodes; Type: TABLE; Schema: public; Owner: lifecycle_test_owner
--

CREATE TABLE public.ledger_nodes (
    level integer NOT NULL,
    number bigint NOT NULL,
    hash bytea NOT NULL
);


ALTER TABLE public.ledger_nodes OWNER TO lifecycle_test_owner;

--
-- Name: ledger_numbers; Type: TABLE; Schema: public; Owner: lifecycle_test_owner
--

CREATE TABLE public.ledger_numbers (
    sign text NOT NULL,
    year integer NOT NULL,
    counter bigint NOT NULL
);


ALTER TABLE public.ledger_numbers OWNER TO lifecycle_test_owner;

--
-- Name: notes; Type: TABLE; Schema: public; Owner: lifecycle_test_clerk
--

CREATE TABLE public.notes (
    t text
);


ALTER TABLE public.notes OWNER TO lifecycle_test_clerk;

--
-- Name: projects; Type: TABLE; Schema: public; Owner: lifecycle_clerk
--

CREATE TABLE public.projects (
    project text NOT NULL,
    name text,
    investor text,
    investor_code text,
    sector text,
    kind text,
    site text,
    reporting_unit text,
    unit text,
    lead_person text,
    stage text,
    information_on text,
    consultation_on text,
    signing_on text,
    land_on text,
    filing_on text,
    statistics_on text,
    investment_on text,
    planned_investment numeric,
    planned_fixed_assets numeric,
    contract_investment numeric,
    contract_fixed_assets numeric,
    scale numeric,
    outside_ratio numeric,
    area_mu numeric,
    transfer_fee numeric,
    filing_code text,
    invested numeric,
    tax numeric,
    period_end text,
    terminated_on text,
    excluded text,
    recognised boolean NOT NULL,
    eligible boolean NOT NULL,
    not_eligible_because text
);


ALTER TABLE public.projects OWNER TO lifecycle_clerk;

--
-- Name: read_tables; Type: TABLE; Schema: public; Owner: lifecycle_clerk
--

CREATE TABLE public.read_tables (
    application_name text NOT NULL,
    notification_id bigint NOT NULL,
    as_of text,
    fingerprint text,
    digest text
);


ALTER TABLE public.read_tables OWNER TO lifecycle_clerk;

--
-- Name: score_lines; Type: TABLE; Schema: public; Owner: lifecycle_clerk
--

CREATE TABLE public.score_lines (
    year integer NOT NULL,
    stream text NOT NULL,
    line integer NOT NULL,
    unit text NOT NULL,
    project text,
    rule text NOT NULL,
    module text NOT NULL,
    points numeric NOT NULL,
    points_exact text NOT NULL,
    clause text NOT NULL,
    basis text NOT NULL,
    inputs text NOT NULL,
    events text NOT NULL
);


ALTER TABLE public.score_lines OWNER TO lifecycle_clerk;

--
-- Name: score_parts; Type: TABLE; Schema: public; Owner: lifecycle_clerk
--

CREATE TABLE public.score_parts (
    year integer NOT NULL,
    unit text NOT NULL,
    part text NOT NULL,
    name text NOT NULL,
    points numeric NOT NULL,
    points_exact text NOT NULL,
    raw_exact text NOT NULL
);


ALTER TABLE public.score_parts OWNER TO lifecycle_clerk;

--
-- Name: scores; Type: TABLE; Schema: public; Owner: lifecycle_clerk
--

CREATE TABLE public.scores (
    year integer NOT NULL,
    unit text NOT NULL,
    place integer NOT NULL,
    as_of text NOT NULL,
    rulebook text NOT NULL,
    sequence text NOT NULL,
    rank integer NOT NULL,
    total numeric NOT NULL,
    total_exact text NOT NULL
);


ALTER TABLE public.scores OWNER TO lifecycle_clerk;

--
-- Name: sheets; Type: TABLE; Schema: public; Owner: lifecycle_clerk
--

CREATE TABLE public.sheets (
    project text NOT NULL,
    number text NOT NULL,
    task text NOT NULL,
    responsible_unit text NOT NULL,
    due_on text NOT NULL,
    stage text,
    status text NOT NULL,
    warned_on text,
    supervised_on text,
    rectify_by text,
    exposed_on text,
    cleared_on text
);


ALTER TABLE public.sheets OWNER TO lifecycle_clerk;

--
-- Name: spy; Type: VIEW; Schema: public; Owner: lifecycle_test_clerk
--

CREATE VIEW public.spy AS
 SELECT originator_id,
    originator_version,
    topic,
    state,
    notification_id
   FROM public.ledger_events;


ALTER VIEW public.spy OWNER TO lifecycle_test_clerk;

--
-- Name: target_shares; Type: TABLE; Schema: public; Owner: lifecycle_clerk
--

CREATE TABLE public.target_shares (
    year integer NOT NULL,
    project text NOT NULL,
    indicator text NOT NULL,
    unit text NOT NULL,
    amount numeric NOT NULL,
    amount_exact text NOT NULL
);


ALTER TABLE public.target_shares OWNER TO lifecycle_clerk;

--
-- Name: targets; Type: TABLE; Schema: public; Owner: lifecycle_clerk
--

CREATE TABLE public.targets (
    year integer NOT NULL,
    place integer NOT NULL,
    indicator text NOT NULL,
    unit text,
    as_of text NOT NULL,
    target numeric NOT NULL,
    actual numeric NOT NULL,
    actual_exact text NOT NULL,
    ratio numeric
);


ALTER TABLE public.targets OWNER TO lifecycle_clerk;

--
-- Name: units; Type: TABLE; Schema: public; Owner: lifecycle_clerk
--

CREATE TABLE public.units (
    unit text NOT NULL,
    sequence text NOT NULL,
    category text NOT NULL,
    registered bigint NOT NULL
);


ALTER TABLE public.units OWNER TO lifecycle_clerk;

--
-- Name: ledger_events notification_id; Type: DEFAULT; Schema: public; Owner: lifecycle_test_owner
--

ALTER TABLE ONLY public.ledger_events ALTER COLUMN notification_id SET DEFAULT nextval('public.ledger_events_notification_id_seq'::regclass);


--
-- Data for Name: deadlines; Type: TABLE DATA; Schema: public; Owner: lifecycle_clerk
--

INSERT INTO public.deadlines VALUES ('P', 1, 'stalled', '华埠镇', NULL, '2024-03-02', '意8', 'assumption', false);
INSERT INTO public.deadlines VALUES ('Q', 1, 'stalled', '华埠镇', NULL, '2024-02-09', '意8', 'assumption', false);


--
-- Data for Name: figures; Type: TABLE DATA; Schema: public; Owner: lifecycle_clerk
--



--
-- Data for Name: ledger_checkpoints; Type: TABLE DATA; Schema: public; Owner: lifecycle_test_owner
--

INSERT INTO public.ledger_checkpoints VALUES (6, 'lifecycle/72c0c54a81dcc38f+69e4bfe5+AbeosDezeM6zexPTPc8jezMJOdPM1EJTe1K+4fFddq5t', 'lifecycle/72c0c54a81dcc38f
6
Tn4rLZ8k8vGXuCtXt/yS1P+HJM+ksl2fK39NYVzoZXg=

— lifecycle/72c0c54a81dcc38f aeS/5R6rs3iLiyIJs++lVcQgHatp2X8hHgQ3stZlWtnO5sQjq1Vz5y1UCu7bek6l14HlS5cDvFtJxNUYFXsodPAOEgw=
');
INSERT INTO public.ledger_checkpoints VALUES (7, 'lifecycle/72c0c54a81dcc38f+69e4bfe5+AbeosDezeM6zexPTPc8jezMJOdPM1EJTe1K+4fFddq5t', 'lifecycle/72c0c54a81dcc38f
7
B+VFvgRwagfDxyI5R2uudQj9yoYzo+Dfm32sikJJh0c=

— lifecycle/72c0c54a81dcc38f aeS/5ZaTwGITYtY2lrpXJjN0a1FDivYHfhIjzCV+GWPcNgCSWbBFyYl1bRsvQTTBenQ2cAFhTHH5fYUjceOfeBxvoQY=
');


--
-- Data for Name: ledger_claims; Type: TABLE DATA; Schema: public; Owner: lifecycle_test_owner
--

INSERT INTO public.ledger_claims VALUES ('unit', '华埠镇', 'unit/华埠镇', 1);
INSERT INTO public.ledger_claims VALUES ('unit', '马金镇', 'unit/马金镇', 2);
INSERT INTO public.ledger_claims VALUES ('unit', '驻杭州招商组', 'unit/驻杭州招商组', 3);
INSERT INTO public.ledger_claims VALUES ('identity', '投资方p	项目p', 'project/P', 4);
INSERT INTO public.ledger_claims VALUES ('names', '华埠镇', 'project/P', 4);
INSERT INTO public.ledger_claims VALUES ('names', '华埠镇', 'project/Q', 6);
INSERT INTO public.ledger_claims VALUES ('identity', '投资方q	项目q', 'project/Q', 6);


--
-- Data for Name: ledger_events; Type: TABLE DATA; Schema: public; Owner: lifecycle_test_owner
--

INSERT INTO public.ledger_events VALUES ('unit/华埠镇', 1, 'UnitRegistered/1', '\x7b2263617465676f7279223a22746f776e73686970222c22696d706f727465645f6279223a2277616e676c69222c226f636375727265645f6f6e223a22323032342d30312d3031222c227265636f726465645f6174223a22323032362d31312d33305430333a32313a32312e3039393537382b30383a3030222c227265636f726465645f6279223a2277616e676c69222c2273657175656e6365223a22e4b9a1e99587227d', 1);
INSERT INTO public.ledger_events VALUES ('unit/马金镇', 1, 'UnitRegistered/1', '\x7b2263617465676f7279223a22746f776e73686970222c22696d706f727465645f6279223a2277616e676c69222c226f636375727265645f6f6e223a22323032342d30312d3031222c227265636f726465645f6174223a22323032362d31312d33305430333a32313a32312e3039393537382b30383a3030222c227265636f726465645f6279223a2277616e676c69222c2273657175656e6365223a22e4b9a1e99587227d', 2);
INSERT INTO public.ledger_events VALUES ('unit/驻杭州招商组', 1, 'UnitRegistered/1', '\x7b2263617465676f7279223a226f7574706f73745f67726f7570222c22696d706f727465645f6279223a2277616e676c69222c226f636375727265645f6f6e223a22323032342d30312d3031222c227265636f726465645f6174223a22323032362d31312d33305430333a32313a32312e3039393537382b30383a3030222c227265636f726465645f6279223a2277616e676c69222c2273657175656e6365223a22e9a9bbe5a496227d', 3);
INSERT INTO public.ledger_events VALUES ('project/P', 1, 'InformationReported/1', '\x7b22636861696e73223a5b5d2c22676f7665726e6d656e745f66756e646564223a66616c73652c22696d706f727465645f6279223a2277616e676c69222c22696e766573746f72223a22e68a95e8b584e696b950222c22696e766573746f725f747261697473223a5b5d2c226b696e64223a226e6577222c226d656574735f636974795f7374616e64617264223a66616c73652c226e616d65223a22e9a1b9e79bae50222c226f7574736964655f726174696f223a22302e33222c22706c616e6e65645f66697865645f617373657473223a2232303030222c22706c616e6e65645f696e766573746d656e74223a2233303030222c227265636f726465645f6174223a22323032362d31312d33305430333a32313a32312e3039393537382b30383a3030222c227265636f726465645f6279223a2277616e676c69222c227265706f727465645f6174223a22323032342d30312d31305430393a30303a30302b30383a3030222c227265706f7274696e675f756e6974223a22e58d8ee59fa0e99587222c22736563746f72223a22696e647573747269616c222c2273697465223a226e65775f6c616e64227d', 4);
INSERT INTO public.ledger_events VALUES ('project/P', 2, 'ConsultationHeld/1', '\x7b22696d706f727465645f6279223a2277616e676c69222c226f636375727265645f6f6e223a22323032342d30322d3031222c226f7574636f6d65223a22706173736564222c227265636f726465645f6174223a22323032362d31312d33305430333a32313a32312e3039393537382b30383a3030222c227265636f726465645f6279223a2277616e676c69227d', 5);
INSERT INTO public.ledger_events VALUES ('project/Q', 1, 'InformationReported/1', '\x7b22636861696e73223a5b5d2c22676f7665726e6d656e745f66756e646564223a66616c73652c22696d706f727465645f6279223a2277616e676c69222c22696e766573746f72223a22e68a95e8b584e696b951222c22696e766573746f725f747261697473223a5b5d2c226b696e64223a226e6577222c226d656574735f636974795f7374616e64617264223a66616c73652c226e616d65223a22e9a1b9e79bae51222c226f7574736964655f726174696f223a22302e33222c22706c616e6e65645f66697865645f617373657473223a2232303030222c22706c616e6e65645f696e766573746d656e74223a2233303030222c227265636f726465645f6174223a22323032362d31312d33305430333a32313a32312e3039393537382b30383a3030222c227265636f726465645f6279223a2277616e676c69222c227265706f727465645f6174223a22323032342d30312d31305430393a30303a30302b30383a3030222c227265706f7274696e675f756e6974223a22e58d8ee59fa0e99587222c22736563746f72223a22696e647573747269616c222c2273697465223a226e65775f6c616e64227d', 6);
INSERT INTO public.ledger_events VALUES ('county', 1, 'ScoresPublished/1', '\x7b2261735f6f66223a22323032342d31322d3331222c2263616c656e6461725f646967657374223a2263393361623030356462343637643835653932353861333737303030386136643236653263393538663335326662366135666230323834623336666238393462222c226576616c7561746f72223a226c6966656379636c6520302e312e30222c226f636375727265645f6f6e223a22323032362d31312d3330222c22706f736974696f6e223a362c227265636f726465645f6174223a22323032362d31312d33305430333a32313a32392e3938313334322b30383a3030222c227265636f726465645f6279223a22636f756e74795f6f776e6572222c22726573756c74223a7b2261735f6f66223a22323032342d31322d3331222c226b6e6f776e5f6174223a6e756c6c2c2272756c65626f6f6b223a7b22646967657374223a2262663837353438386664326130323532386165653865336534353839373564326136633636366237613030393662663135616561343465636532616230323234222c226964223a226b61696875612d32303234227d2c22756e697473223a5b7b226261736973223a7b22617373756d7074696f6e223a2233222c22696e746572707265746174696f6e223a2230222c22706f6c696379223a2230227d2c2267726f757073223a7b2264656c6976657279223a7b22636170223a223730222c22636f756e746564223a2232222c22726177223a2232227d2c226566666f7274223a7b22636170223a223330222c22636f756e746564223a2231222c22726177223a2231227d7d2c226d6f64756c6573223a7b226163746976697479223a2230222c22626f6e7573223a2230222c22646564756374696f6e223a2230222c22696e666f726d6174696f6e223a2231222c22706572666f726d616e6365223a2230222c2270726f6772657373223a2232222c22726f7574696e65223a2230227d2c2272616e6b223a312c2273657175656e6365223a22e4b9a1e99587222c22746f74616c223a2233222c22756e6974223a22e58d8ee59fa0e99587227d2c7b226261736973223a7b22617373756d7074696f6e223a2230222c22696e746572707265746174696f6e223a2230222c22706f6c696379223a2230227d2c2267726f757073223a7b2264656c6976657279223a7b22636170223a223730222c22636f756e746564223a2230222c22726177223a2230227d2c226566666f7274223a7b22636170223a223330222c22636f756e746564223a2230222c22726177223a2230227d7d2c226d6f64756c6573223a7b226163746976697479223a2230222c22626f6e7573223a2230222c22646564756374696f6e223a2230222c22696e666f726d6174696f6e223a2230222c22706572666f726d616e6365223a2230222c2270726f6772657373223a2230222c22726f7574696e65223a2230227d2c2272616e6b223a322c2273657175656e6365223a22e4b9a1e99587222c22746f74616c223a2230222c22756e6974223a22e9a9ace98791e99587227d2c7b226261736973223a7b22617373756d7074696f6e223a2230222c22696e746572707265746174696f6e223a2230222c22706f6c696379223a2230227d2c2267726f757073223a7b2264656c6976657279223a7b22636170223a223730222c22636f756e746564223a2230222c22726177223a2230227d2c226566666f7274223a7b22636170223a223330222c22636f756e746564223a2230222c22726177223a2230227d7d2c226d6f64756c6573223a7b226163746976697479223a2230222c22626f6e7573223a2230222c22646564756374696f6e223a2230222c22696e666f726d6174696f6e223a2230222c22706572666f726d616e6365223a2230222c2270726f6772657373223a2230222c22726f7574696e65223a2230227d2c2272616e6b223a312c2273657175656e6365223a22e9a9bbe5a496222c22746f74616c223a2230222c22756e6974223a22e9a9bbe69dade5b79ee68b9be59586e7bb84227d5d2c2279656172223a323032347d2c22726f6f74223a2234653765326232643966323466326631393762383262353762376663393264346666383732346366613462323564396632623766346436313563653836353738222c2272756c65626f6f6b5f646967657374223a2262663837353438386664326130323532386165653865336534353839373564326136633636366237613030393662663135616561343465636532616230323234222c2272756c65626f6f6b5f6964223a226b61696875612d32303234222c22747265655f73697a65223a362c2279656172223a323032347d', 7);


--
-- Data for Name: ledger_head; Type: TABLE DATA; Schema: public; Owner: lifecycle_test_owner
--

INSERT INTO public.ledger_head VALUES (1, 1, 7, '2026-11-30T03:21:29.981342+08:00', '\x30835f45c9b1c0024c7ab9186631fb0704bcdfc6f13aa4fd8711142a483b596d44b555802be0cd17cbac3fbccb0a91a729b95c673926578c221e77a0307b3995406fa5d99da467aa937987a21409f949cdd8d17da6fc86e9870391e1663c0d5f', 'sha256', 'lifecycle/72c0c54a81dcc38f', 'lifecycle/72c0c54a81dcc38f+69e4bfe5+AbeosDezeM6zexPTPc8jezMJOdPM1EJTe1K+4fFddq5t');


--
-- Data for Name: ledger_keys; Type: TABLE DATA; Schema: public; Owner: lifecycle_test_owner
--

INSERT INTO public.ledger_keys VALUES ('3331ca117df8baaabe154253691638e53e98717bc24c662efcf05bfff9466d8e', '3331ca117df8baaabe154253691638e53e98717bc24c662efcf05bfff9466d8e', 1, '\x600ec828311d60439da9b0fb8ecca432f8180039da4342ca53f876983fbc5d36');
INSERT INTO public.ledger_keys VALUES ('97a80c8697b0fd76350e6b4cae5b4c17cec05ac69064e6be7827afaa590ae1bc', '97a80c8697b0fd76350e6b4cae5b4c17cec05ac69064e6be7827afaa590ae1bc', 2, '\xee9b8b38614e0933d11cc7dd232cc13905dd6b0f14f9a5471439b541568dadc3');
INSERT INTO public.ledger_keys VALUES ('c4a425c491132a2ec384527c505bc13a60561fbdc8938104b7c32bbb66c70b97', 'c4a425c491132a2ec384527c505bc13a60561fbdc8938104b7c32bbb66c70b97', 3, '\xbcb3ca3d41caac7cad9e7cc447c881642cf2d64029507efbdab92a7bd3c5aeb8');
INSERT INTO public.ledger_keys VALUES ('3d899cd9686f542b8310916c0bcc5fad67e4ce197f63a871cd39c9537a571b74', '3d899cd9686f542b8310916c0bcc5fad67e4ce197f63a871cd39c9537a571b74', 4, '\x50533cff20afcbae1c28ac5bc89d2b511042d7dd7e43908d2f229df4af197728');
INSERT INTO public.ledger_keys VALUES ('a89e3c2c1f95ae947164467acfc46a025cf6bc25da12345fcac6f772a3c5cba5', 'a89e3c2c1f95ae947164467acfc46a025cf6bc25da12345fcac6f772a3c5cba5', 5, '\x9545820b0da43f64f4676b2138acebd3983e29cab265eebba09a2c4c6f3e9d36');
INSERT INTO public.ledger_keys VALUES ('f4f46e1e382770cccdd269fef55b69c0b043ca9addc53f636e8e58fe8118fd07', 'f4f46e1e382770cccdd269fef55b69c0b043ca9addc53f636e8e58fe8118fd07', 6, '\xa6e865cea6a4cc21a0cb8813824ab0290703206472548c5e6bd0e7d6da6a75c4');
INSERT INTO public.ledger_keys VALUES ('949f7ead038eba2f2f73d58767ca8b483250bb75c59062fb328eac6371424fe2', '949f7ead038eba2f2f73d58767ca8b483250bb75c59062fb328eac6371424fe2', 7, '\x406fa5d99da467aa937987a21409f949cdd8d17da6fc86e9870391e1663c0d5f');


--
-- Data for Name: ledger_nodes; Type: TABLE DATA; Schema: public; Owner: lifecycle_test_owner
--



--
-- Data for Name: ledger_numbers; Type: TABLE DATA; Schema: public; Owner: lifecycle_test_owner
--



--
-- Data for Name: notes; Type: TABLE DATA; Schema: public; Owner: lifecycle_test_clerk
--



--
-- Data for Name: projects; Type: TABLE DATA; Schema: public; Owner: lifecycle_clerk
--

INSERT INTO public.projects VALUES ('P', '项目P', '投资方P', NULL, 'industrial', 'new', 'new_land', '华埠镇', '华埠镇', NULL, 'consultation', '2024-01-10', '2024-02-01', NULL, NULL, NULL, NULL, NULL, 3000, 2000, NULL, NULL, 2000, 0.3, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, true, true, NULL);
INSERT INTO public.projects VALUES ('Q', '项目Q', '投资方Q', NULL, 'industrial', 'new', 'new_land', '华埠镇', '华埠镇', NULL, 'information', '2024-01-10', NULL, NULL, NULL, NULL, NULL, NULL, 3000, 2000, NULL, NULL, 2000, 0.3, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, false, true, NULL);


--
-- Data for Name: read_tables; Type: TABLE DATA; Schema: public; Owner: lifecycle_clerk
--

INSERT INTO public.read_tables VALUES ('lifecycle', 6, '2026-11-30', '3 bf875488fd2a02528aee8e3e458975d2a6c666b7a0096bf15aea44ece2ab0224 2024=bf875488fd2a02528aee8e3e458975d2a6c666b7a0096bf15aea44ece2ab0224', '46d1d6bf676213325f01e169f718643c31d09db58f9673e12677da7936160948');


--
-- Data for Name: score_lines; Type: TABLE DATA; Schema: public; Owner: lifecycle_clerk
--

INSERT INTO public.score_lines VALUES (2024, 'project/P', 1, '华埠镇', 'P', 'information', 'information', 1, '1', '考(二)', 'assumption', '{"passed_on":"2024-02-01","points":"1"}', '["P#2"]');
INSERT INTO public.score_lines VALUES (2024, 'project/P', 2, '华埠镇', 'P', 'progress', 'progress', 2, '2', '考(三)', 'assumption', '{"coefficient":"1","node":"consultation","points":"2","reached_on":"2024-02-01"}', '["P#2"]');


--
-- Data for Name: score_parts; Type: TABLE DATA; Schema: public; Owner: lifecycle_clerk
--

INSERT INTO public.score_parts VALUES (2024, '华埠镇', 'module', 'information', 1, '1', '1');
INSERT INTO public.score_parts VALUES (2024, '华埠镇', 'module', 'routine', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '华埠镇', 'module', 'activity', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '华埠镇', 'module', 'progress', 2, '2', '2');
INSERT INTO public.score_parts VALUES (2024, '华埠镇', 'module', 'performance', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '华埠镇', 'module', 'bonus', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '华埠镇', 'module', 'deduction', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '华埠镇', 'group', 'effort', 1, '1', '1');
INSERT INTO public.score_parts VALUES (2024, '华埠镇', 'group', 'delivery', 2, '2', '2');
INSERT INTO public.score_parts VALUES (2024, '华埠镇', 'basis', 'policy', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '华埠镇', 'basis', 'interpretation', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '华埠镇', 'basis', 'assumption', 3, '3', '3');
INSERT INTO public.score_parts VALUES (2024, '马金镇', 'module', 'information', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '马金镇', 'module', 'routine', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '马金镇', 'module', 'activity', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '马金镇', 'module', 'progress', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '马金镇', 'module', 'performance', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '马金镇', 'module', 'bonus', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '马金镇', 'module', 'deduction', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '马金镇', 'group', 'effort', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '马金镇', 'group', 'delivery', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '马金镇', 'basis', 'policy', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '马金镇', 'basis', 'interpretation', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '马金镇', 'basis', 'assumption', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '驻杭州招商组', 'module', 'information', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '驻杭州招商组', 'module', 'routine', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '驻杭州招商组', 'module', 'activity', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '驻杭州招商组', 'module', 'progress', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '驻杭州招商组', 'module', 'performance', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '驻杭州招商组', 'module', 'bonus', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '驻杭州招商组', 'module', 'deduction', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '驻杭州招商组', 'group', 'effort', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '驻杭州招商组', 'group', 'delivery', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '驻杭州招商组', 'basis', 'policy', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '驻杭州招商组', 'basis', 'interpretation', 0, '0', '0');
INSERT INTO public.score_parts VALUES (2024, '驻杭州招商组', 'basis', 'assumption', 0, '0', '0');


--
-- Data for Name: scores; Type: TABLE DATA; Schema: public; Owner: lifecycle_clerk
--

INSERT INTO public.scores VALUES (2024, '华埠镇', 1, '2024-12-31', 'kaihua-2024', '乡镇', 1, 3, '3');
INSERT INTO public.scores VALUES (2024, '马金镇', 2, '2024-12-31', 'kaihua-2024', '乡镇', 2, 0, '0');
INSERT INTO public.scores VALUES (2024, '驻杭州招商组', 3, '2024-12-31', 'kaihua-2024', '驻外', 1, 0, '0');


--
-- Data for Name: sheets; Type: TABLE DATA; Schema: public; Owner: lifecycle_clerk
--



--
-- Data for Name: target_shares; Type: TABLE DATA; Schema: public; Owner: lifecycle_clerk
--



--
-- Data for Name: targets; Type: TABLE DATA; Schema: public; Owner: lifecycle_clerk
--

INSERT INTO public.targets VALUES (2024, 1, 'funds_in_place', NULL, '2024-12-31', 360000, 0, '0', 0);
INSERT INTO public.targets VALUES (2024, 2, 'signed_10000', NULL, '2024-12-31', 20, 0, '0', 0);
INSERT INTO public.targets VALUES (2024, 3, 'signed_100000', NULL, '2024-12-31', 5, 0, '0', 0);
INSERT INTO public.targets VALUES (2024, 4, 'signed_200000', NULL, '2024-12-31', 2, 0, '0', 0);
INSERT INTO public.targets VALUES (2024, 5, 'signed_500000', NULL, '2024-12-31', 1, 0, '0', 0);


--
-- Data for Name: units; Type: TABLE DATA; Schema: public; Owner: lifecycle_clerk
--

INSERT INTO public.units VALUES ('华埠镇', '乡镇', 'township', 1);
INSERT INTO public.units VALUES ('马金镇', '乡镇', 'township', 2);
INSERT INTO public.units VALUES ('驻杭州招商组', '驻外', 'outpost_group', 3);


--
-- Name: ledger_events_notification_id_seq; Type: SEQUENCE SET; Schema: public; Owner: lifecycle_test_owner
--

SELECT pg_catalog.setval('public.ledger_events_notification_id_seq', 1, false);


--
-- Name: deadlines deadlines_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_clerk
--

ALTER TABLE ONLY public.deadlines
    ADD CONSTRAINT deadlines_pkey PRIMARY KEY (project, line);


--
-- Name: figures figures_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_clerk
--

ALTER TABLE ONLY public.figures
    ADD CONSTRAINT figures_pkey PRIMARY KEY (project, month);


--
-- Name: ledger_checkpoints ledger_checkpoints_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_test_owner
--

ALTER TABLE ONLY public.ledger_checkpoints
    ADD CONSTRAINT ledger_checkpoints_pkey PRIMARY KEY (size, signer);


--
-- Name: ledger_claims ledger_claims_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_test_owner
--

ALTER TABLE ONLY public.ledger_claims
    ADD CONSTRAINT ledger_claims_pkey PRIMARY KEY (kind, value, stream);


--
-- Name: ledger_events ledger_events_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_test_owner
--

ALTER TABLE ONLY public.ledger_events
    ADD CONSTRAINT ledger_events_pkey PRIMARY KEY (originator_id, originator_version);


--
-- Name: ledger_head ledger_head_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_test_owner
--

ALTER TABLE ONLY public.ledger_head
    ADD CONSTRAINT ledger_head_pkey PRIMARY KEY (one);


--
-- Name: ledger_keys ledger_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_test_owner
--

ALTER TABLE ONLY public.ledger_keys
    ADD CONSTRAINT ledger_keys_pkey PRIMARY KEY (key);


--
-- Name: ledger_nodes ledger_nodes_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_test_owner
--

ALTER TABLE ONLY public.ledger_nodes
    ADD CONSTRAINT ledger_nodes_pkey PRIMARY KEY (level, number);


--
-- Name: ledger_numbers ledger_numbers_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_test_owner
--

ALTER TABLE ONLY public.ledger_numbers
    ADD CONSTRAINT ledger_numbers_pkey PRIMARY KEY (sign, year);


--
-- Name: projects projects_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_clerk
--

ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_pkey PRIMARY KEY (project);


--
-- Name: read_tables read_tables_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_clerk
--

ALTER TABLE ONLY public.read_tables
    ADD CONSTRAINT read_tables_pkey PRIMARY KEY (application_name);


--
-- Name: score_lines score_lines_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_clerk
--

ALTER TABLE ONLY public.score_lines
    ADD CONSTRAINT score_lines_pkey PRIMARY KEY (year, stream, line);


--
-- Name: score_parts score_parts_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_clerk
--

ALTER TABLE ONLY public.score_parts
    ADD CONSTRAINT score_parts_pkey PRIMARY KEY (year, unit, part, name);


--
-- Name: scores scores_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_clerk
--

ALTER TABLE ONLY public.scores
    ADD CONSTRAINT scores_pkey PRIMARY KEY (year, unit);


--
-- Name: sheets sheets_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_clerk
--

ALTER TABLE ONLY public.sheets
    ADD CONSTRAINT sheets_pkey PRIMARY KEY (project, number);


--
-- Name: target_shares target_shares_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_clerk
--

ALTER TABLE ONLY public.target_shares
    ADD CONSTRAINT target_shares_pkey PRIMARY KEY (year, project, indicator);


--
-- Name: targets targets_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_clerk
--

ALTER TABLE ONLY public.targets
    ADD CONSTRAINT targets_pkey PRIMARY KEY (year, place);


--
-- Name: units units_pkey; Type: CONSTRAINT; Schema: public; Owner: lifecycle_clerk
--

ALTER TABLE ONLY public.units
    ADD CONSTRAINT units_pkey PRIMARY KEY (unit);


--
-- Name: ledger_events_notification_id_idx; Type: INDEX; Schema: public; Owner: lifecycle_test_owner
--

CREATE UNIQUE INDEX ledger_events_notification_id_idx ON public.ledger_events USING btree (notification_id);


--
-- Name: ledger_checkpoints ledger_checkpoints_append_only; Type: TRIGGER; Schema: public; Owner: lifecycle_test_owner
--

CREATE TRIGGER ledger_checkpoints_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_refuse();


--
-- Name: ledger_events ledger_events_append_only; Type: TRIGGER; Schema: public; Owner: lifecycle_test_owner
--

CREATE TRIGGER ledger_events_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_events FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_refuse();


--
-- Name: ledger_head ledger_head_no_end; Type: TRIGGER; Schema: public; Owner: lifecycle_test_owner
--

CREATE TRIGGER ledger_head_no_end BEFORE DELETE OR TRUNCATE ON public.ledger_head FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_refuse();


--
-- Name: ledger_head ledger_head_no_return; Type: TRIGGER; Schema: public; Owner: lifecycle_test_owner
--

CREATE TRIGGER ledger_head_no_return BEFORE UPDATE ON public.ledger_head FOR EACH ROW WHEN (((new."position" < old."position") OR (new.origin <> old.origin) OR (new.tree_hash <> old.tree_hash) OR ((old.signer <> ''::text) AND (new.signer <> old.signer)))) EXECUTE FUNCTION public.ledger_refuse();


--
-- Name: ledger_keys ledger_keys_append_only; Type: TRIGGER; Schema: public; Owner: lifecycle_test_owner
--

CREATE TRIGGER ledger_keys_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_keys FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_refuse();


--
-- Name: ledger_nodes ledger_nodes_append_only; Type: TRIGGER; Schema: public; Owner: lifecycle_test_owner
--

CREATE TRIGGER ledger_nodes_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_nodes FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_refuse();


--
-- Name: scores t; Type: TRIGGER; Schema: public; Owner: lifecycle_clerk
--

CREATE TRIGGER t BEFORE INSERT ON public.scores FOR EACH STATEMENT EXECUTE FUNCTION public.trap();


--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: pg_database_owner
--

GRANT ALL ON SCHEMA public TO lifecycle_clerk;
GRANT USAGE ON SCHEMA public TO lifecycle_auditor;


--
-- Name: TABLE ledger_checkpoints; Type: ACL; Schema: public; Owner: lifecycle_test_owner
--

GRANT SELECT,INSERT ON TABLE public.ledger_checkpoints TO lifecycle_clerk;
GRANT SELECT ON TABLE public.ledger_checkpoints TO lifecycle_auditor;


--
-- Name: TABLE ledger_claims; Type: ACL; Schema: public; Owner: lifecycle_test_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ledger_claims TO lifecycle_clerk;
GRANT SELECT ON TABLE public.ledger_claims TO lifecycle_auditor;


--
-- Name: TABLE ledger_events; Type: ACL; Schema: public; Owner: lifecycle_test_owner
--

GRANT SELECT,INSERT ON TABLE public.ledger_events TO lifecycle_clerk;
GRANT SELECT ON TABLE public.ledger_events TO lifecycle_auditor;


--
-- Name: TABLE ledger_head; Type: ACL; Schema: public; Owner: lifecycle_test_owner
--

GRANT SELECT,UPDATE ON TABLE public.ledger_head TO lifecycle_clerk;
GRANT SELECT ON TABLE public.ledger_head TO lifecycle_auditor;


--
-- Name: TABLE ledger_keys; Type: ACL; Schema: public; Owner: lifecycle_test_owner
--

GRANT SELECT,INSERT ON TABLE public.ledger_keys TO lifecycle_clerk;
GRANT SELECT ON TABLE public.ledger_keys TO lifecycle_auditor;


--
-- Name: TABLE ledger_nodes; Type: ACL; Schema: public; Owner: lifecycle_test_owner
--

GRANT SELECT,INSERT ON TABLE public.ledger_nodes TO lifecycle_clerk;
GRANT SELECT ON TABLE public.ledger_nodes TO lifecycle_auditor;


--
-- Name: TABLE ledger_numbers; Type: ACL; Schema: public; Owner: lifecycle_test_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ledger_numbers TO lifecycle_clerk;
GRANT SELECT ON TABLE public.ledger_numbers TO lifecycle_auditor;


--
-- PostgreSQL database dump complete
--


