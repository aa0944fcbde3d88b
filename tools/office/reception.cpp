#include "tools/office/reception.hpp"

#include <algorithm>
#include <charconv>

#include "content/airing/batch.hpp"
#include "content/airing/enrolment.hpp"
#include "content/airing/health.hpp"
#include "content/base/json.hpp"
#include "content/http/gzip.hpp"
#include "tools/office/audits.hpp"
#include "tools/office/enrolment.hpp"

namespace riverlight::office {
namespace {

namespace json = boost::json;
using http::problem;
using http::Response;

Response json_answer(int status, const std::string& body) {
    Response response;
    response.status = status;
    response.type = "application/json";
    response.body = body;
    return response;
}

/// The same whether there is such a board or not: ids cannot be found out by trying.
Response not_signed(const std::string& what) {
    return problem(403, "urn:riverlight:signature", "Not signed by this board",
                   what + " is not signed by the key of a board that enrolled here under this id");
}

/// True if one of the digests (RFC 9530) is the SHA-256 of these bytes; other algorithms do not count.
bool digest_fits(std::string_view header, std::string_view bytes) {
    const auto wanted = "sha-256=:" + to_base64(sha256_raw(bytes)) + ':';
    while (!header.empty()) {
        const auto end = std::min(header.find(','), header.size());
        auto item = header.substr(0, end);
        header.remove_prefix(std::min(end + 1, header.size()));
        while (item.starts_with(' ')) item.remove_prefix(1);
        while (item.ends_with(' ')) item.remove_suffix(1);
        if (item == wanted) return true;
    }
    return false;
}

/// `12-40`; nothing for anything else.
std::optional<std::pair<std::int64_t, std::int64_t>> range_of(std::string_view text) {
    std::int64_t first = 0, last = 0;
    const auto* end = text.data() + text.size();
    const auto a = std::from_chars(text.data(), end, first);
    if (a.ec != std::errc{} || a.ptr == end || *a.ptr != '-') return std::nullopt;
    const auto b = std::from_chars(a.ptr + 1, end, last);
    if (b.ec != std::errc{} || b.ptr != end || first < 1 || last < first) return std::nullopt;
    return std::pair{first, last};
}

/// What an upload holds, unpacked. Throws Error.
std::string unpacked(const http::Request& request) {
    return request.header("content-encoding") == "gzip" ? http::gunzip(request.body, longest_batch)
                                                        : request.body;
}

/// The head of an upload's batch, which is the one that its path names. Throws Error.
content::BatchHead head_of(const std::string& text, const Reception::UploadPath& path) {
    const auto wanted = range_of(path.range);
    if (!wanted) throw Error("the path must end in {first}-{last}, and ends in '" + path.range + "'");
    auto head = content::read_batch_head(text);
    if (head.board != path.board || head.epoch != path.epoch || head.first != wanted->first ||
        head.last != wanted->second)
        throw Error("batch: says another board, epoch or range than its path");
    return head;
}

/// One record of the chain, whether it came or is set aside.
struct Link {
    std::int64_t seq;
    std::string previous, hash;
};
std::vector<Link> links_of(const content::Batch& batch) {
    if (batch.set_aside) return {{batch.first, batch.set_aside->previous, batch.set_aside->hash}};
    std::vector<Link> links;
    for (const auto& record : batch.airings) links.push_back({record.seq, record.previous, record.hash});
    return links;
}

/// The alarm text for a record that the board set aside since this office refused it.
std::string set_aside_words(const content::Batch& batch) {
    return "set aside seq " + std::to_string(batch.first) + " of epoch " + batch.epoch +
           ", which this office could not accept (" + batch.set_aside->why + "); its hash is " + batch.head +
           ", and the board keeps it";
}

/// The alarm text for records of a board that are in doubt.
std::string doubt_words(Doubt doubt) {
    return "sent records that count nowhere: each " + std::string(describe(doubt)) +
           ". They are on the page Quarantine";
}

/// The alarm text for a board that has a twin.
constexpr auto twin_words =
    "two devices report as this board: its card, or a copy of it, is in use twice. Both play and both are "
    "recorded; a coordinator has to say below which of them stays";

/// A name as boards make it: hex digits. Anything else is none.
std::string run_name(const std::string& text) {
    const bool hex = text.find_first_not_of("0123456789abcdef") == std::string::npos;
    return hex ? text : "";
}

/// The alarm text for a board whose first airings under `epoch` follow another epoch, `before`.
std::string new_epoch_words(const std::string& epoch, const std::string& before, std::int64_t held) {
    return "began a new journal, epoch " + epoch + "; of the one before, " + before + ", is held up to seq " +
           std::to_string(held) + ". What aired between them may be missing here";
}

/// A key of nobody: an unknown board costs as much as a known one.
constexpr auto nobodys_key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

Response not_approved() {
    auto response = problem(403, "urn:riverlight:board/pending", "Not approved yet",
                            "an operator has to compare this board's fingerprint and approve it");
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

/// The refusal of a board that may not report; nothing if it may.
std::optional<Response> barred(const BoardRow& board) {
    switch (board.state) {
        case BoardState::pending:
            return not_approved();
        case BoardState::retired:
            return problem(403, "urn:riverlight:board/retired", "Retired",
                           "this board was retired; enrol it again");
        case BoardState::active:
            break;
    }
    return std::nullopt;
}

/// Notes which run of the board's program reported, and what that device has to know.
void look_for_twin(OfficeStore& store, content::HealthAnswer& answer, const std::string& after, Instant now) {
    const auto& id = answer.board;
    if (store.twins.note_run(id, answer.run, after, now)) store.alarms.add({now, id, twin_words});
    answer.enrol_anew = store.twins.gives_up(id, answer.run);
    if (!answer.enrol_anew) answer.two_boards = store.twins.twins_since(id);
}

/// Why nothing more is done with what came in the name of a board; nothing if that board signed `text` and
/// may report. The same for an unknown board as for a wrong signature.
std::optional<Response> refusal_of(const OfficeStore& records, const std::optional<BoardRow>& board,
                                   const std::string& text, std::string_view signature) {
    const auto next = board ? records.boards.applicant(board->board) : std::nullopt;
    const bool by_board = verify_signature(board ? board->public_key : nobodys_key, text, signature);
    if (board && by_board) return barred(*board);
    if (next && verify_signature(next->public_key, text, signature)) return not_approved();
    return not_signed("this report");
}

/// The refusal of a board that was replaced or retired since its report was checked.
std::optional<Response> changed_since(const BoardRow& checked, const std::optional<BoardRow>& now) {
    if (!now || now->public_key != checked.public_key) return not_signed("this report");
    return barred(*now);
}

/// The refusal of who has sent too many wrong claim codes; nothing if it may try again.
std::optional<Response> too_many_codes(const OfficeStore& records, const std::string& remote, Instant now) {
    const auto wait = records.failures.wait(Guesser::claim_address, remote, now);
    if (wait.count() <= 0) return std::nullopt;
    auto response = problem(429, "urn:riverlight:too-many", "Too many wrong claim codes",
                            "try again in " + std::to_string(wait.count()) + " s");
    response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
    return response;
}

/// The refusal of a claim code that nobody may enrol with, which is counted. Right codes pass whatever others
/// try from the same network: 80 bits are not guessed.
Response refuse_claim(OfficeStore& store, const std::string& remote, Instant now) {
    if (auto refused = too_many_codes(store, remote, now)) return *refused;
    store.failures.add(Guesser::claim_address, remote, now);
    return problem(403, "urn:riverlight:claim", "Wrong claim code",
                   "this claim code is unknown, spent or expired; ask the office for a new one");
}

}  // namespace

/// The refusal of a key that is another board's; nothing if it is not.
std::optional<Response> Reception::refuse_key(OfficeStore& store, const BoardRow& board, Instant now) const {
    for (const auto& other : store.boards.holders_of(board.public_key)) {
        if (other == board.board) continue;
        store.alarms.add({now, other,
                          "a second device tried to enrol as " + board.board +
                              " with this board's key, and was told to make its own"});
        return problem(403, "urn:riverlight:claim/key", "Key of another board",
                       "this key is board " + other + "'s; a copied card makes a key of its own");
    }
    return std::nullopt;
}

BoardAnswer Reception::enrol(const OfficeStore& records, const http::Request& request, Instant now) const {
    content::EnrolmentRequest asked;
    try {
        asked = content::parse_enrolment(request.body);
    } catch (const Error& e) {
        return problem(400, "urn:riverlight:malformed", "Malformed enrolment", e.what());
    }
    // Who guesses on and on keeps nobody from writing.
    if (!records.boards.claim_code(claim_code_hash(asked.claim_code)))
        if (auto refused = too_many_codes(records, request.remote, now)) return *refused;
    const auto response = std::make_shared<Response>();  // shared by the two steps
    return BoardWrite{[this, response, asked, remote = request.remote, now](OfficeStore& store) {
                          *response = let_in(store, asked, remote, now);
                      },
                      [response] { return *response; }};
}

/// Enrols a board with a code that was known when it asked.
Response Reception::let_in(OfficeStore& store, const content::EnrolmentRequest& asked,
                           const std::string& remote, Instant now) const {
    const auto hash = claim_code_hash(asked.claim_code);
    const auto claim = store.boards.claim_code(hash);
    if (!claim) return refuse_claim(store, remote, now);
    const auto known = store.boards.find(claim->board);
    const auto next = store.boards.applicant(claim->board);
    // A spent code enrols nobody: it only answers again the device that it let in, while that is the board.
    const bool is_board = known && known->public_key == asked.public_key;
    const bool is_next = next && next->public_key == asked.public_key;
    const bool again = claim->used_by == asked.public_key && (is_board || is_next);
    if (!again && (!claim->used_by.empty() || claim->expires <= now)) {
        auto refused = refuse_claim(store, remote, now);
        if (!claim->used_by.empty() && refused.status == 403)
            store.alarms.add(
                {now, claim->board, "a second device tried to enrol with this board's used claim code"});
        return refused;
    }
    if (claim->place != asked.place)
        return problem(403, "urn:riverlight:claim/place", "Claim code of another place",
                       "this claim code is for '" + claim->place + "' and the board says '" + asked.place +
                           "'; correct [place] id or ask for a code of that place");
    BoardRow board;
    board.board = claim->board;
    board.place = asked.place;
    board.public_key = asked.public_key;
    board.version = asked.version;
    board.enrolled = now;
    if (auto no = refuse_key(store, board, now)) return *no;
    if (again && is_board)
        board.state = known->state;
    else if (!again) {
        // A board that reports keeps its key until a person approves the device that replaces it.
        if (!known || known->state != BoardState::active) store.twins.forget(board.board);
        store.boards.enrol(hash, board);
        if (is_board && known->state == BoardState::active) board.state = known->state;
    }
    return json_answer(again ? 200 : 201,
                       content::write_enrolment_answer(
                           {board.board, key_.public_hex(), key_fingerprint(board.public_key), board.state}));
}

BoardAnswer Reception::health(const OfficeStore& records, const http::Request& request, const std::string& id,
                              Instant now) const {
    if (request.body.size() > content::longest_health)
        return problem(413, "urn:riverlight:too-long", "Too long", "a health report has at most 64 KiB");
    const auto board = records.boards.find(id);
    if (auto no = refusal_of(records, board, request.body, request.header("riverlight-signature")))
        return *no;
    std::string version, run, after;
    try {
        const auto value = parse_json(request.body, "health", {content::longest_health, 8, 5000});
        JsonFields f(value, "health");
        f.format(1);
        if (f.text("board", 64) != id) throw Error("health: is of another board");
        version = f.text_or("version", "", 64);
        run = run_name(f.text_or("run", "", 64));
        after = run_name(f.text_or("after", "", 64));
    } catch (const Error& e) {
        return problem(400, "urn:riverlight:malformed", "Malformed health report", e.what());
    }
    struct Noted {
        content::HealthAnswer answer;
        std::optional<Response> refusal;
    };
    const auto noted = std::make_shared<Noted>(Noted{{id, run, {}, false}, {}});  // shared by the two steps
    return BoardWrite{[=, checked = *board, body = request.body](OfficeStore& store) {
                          noted->refusal = changed_since(checked, store.boards.find(id));
                          if (noted->refusal) return;
                          store.boards.set_health(id, version, body, now);
                          if (!run.empty()) look_for_twin(store, noted->answer, after, now);
                      },
                      [this, noted] {
                          if (noted->refusal) return *noted->refusal;
                          return json_answer(200, content::write_health_answer(noted->answer, key_));
                      }};
}

Response Reception::audit(const OfficeStore& records, const http::Request& request, const std::string& id,
                          Instant now) const {
    const auto board = records.boards.find(id);
    if (auto no = refusal_of(records, board, request.body, request.header("riverlight-signature")))
        return *no;
    return audit_answer(records, key_, id, request.body, now);
}

BoardAnswer Reception::airings(const OfficeStore& records, const http::Request& request,
                               const UploadPath& path, Instant now) const {
    if (!digest_fits(request.header("content-digest"), request.body))
        return problem(400, "urn:riverlight:digest", "Changed on its way",
                       "Content-Digest is missing or is not the SHA-256 of this body; send it again");
    const auto encoding = request.header("content-encoding");
    if (!encoding.empty() && encoding != "gzip" && encoding != "identity")
        return problem(415, "urn:riverlight:encoding", "Unknown Content-Encoding", "use gzip or none");
    const auto board = records.boards.find(path.board);
    const auto batch = std::make_shared<content::Batch>();  // shared by the two steps, which are copied
    try {
        const auto text = unpacked(request);
        // Nothing is made of the records before it is known whose they are.
        const auto head = head_of(text, path);
        if (auto no = refusal_of(records, board, signed_text(head), head.signature)) return *no;
        *batch = content::parse_batch(text);
    } catch (const content::BadRecord& e) {
        return problem(400, "urn:riverlight:malformed", "Batch not taken", e.what(), {{"seq", e.seq}});
    } catch (const Error& e) {
        return problem(400, "urn:riverlight:malformed", "Batch not taken", e.what());
    }
    for (const auto& record : batch->airings)
        if (record.place != board->place)
            return problem(403, "urn:riverlight:place", "Another place",
                           "seq " + std::to_string(record.seq) + " is of place '" + record.place +
                               "', and this board reports for '" + board->place + "'",
                           {{"seq", record.seq}});
    const auto taken = std::make_shared<Taken>();
    return BoardWrite{[=, this, checked = *board, by_network = !request.remote.empty()](OfficeStore& store) {
                          *taken = take(store, *batch, checked, by_network, now);
                      },
                      [this, batch, taken] {
                          if (const auto* refusal = std::get_if<Response>(taken.get())) return *refusal;
                          const auto& held = std::get<EpochHead>(*taken);
                          content::Receipt receipt;
                          receipt.board = batch->board;
                          receipt.epoch = batch->epoch;
                          receipt.held = held.seq;
                          receipt.head = held.head;
                          return json_answer(200, content::write_receipt(receipt, key_));
                      },
                      board->place};
}

Reception::Taken Reception::take(OfficeStore& store, const content::Batch& batch, const BoardRow& checked,
                                 bool by_network, Instant now) const {
    const auto board = store.boards.find(checked.board);
    if (auto no = changed_since(checked, board)) return *no;
    return store_batch(store, batch, *board, by_network, now);
}

/// Stores what is new of a batch that this board signed.
Reception::Taken Reception::store_batch(OfficeStore& store, const content::Batch& batch,
                                        const BoardRow& board, bool by_network, Instant now) const {
    const auto& id = board.board;
    const auto& epoch = batch.epoch;
    auto held = store.airings.held(id, epoch);
    const auto conflict = [&](std::int64_t seq, const std::string& what) {
        store.alarms.add({now, id, what});
        return problem(409, "urn:riverlight:conflict", "Other content under a known number", what,
                       {{"seq", seq}});
    };
    const auto links = links_of(batch);
    for (const auto& link : links)
        if (link.seq <= held.seq && store.airings.hash_of(id, epoch, link.seq) != link.hash)
            return conflict(link.seq, "seq " + std::to_string(link.seq) + " of epoch " + epoch +
                                          " came again with other content; what came first stands");
    if (batch.first <= held.seq + 1 && batch.last > held.seq) {
        const auto known = held.seq + 1 - batch.first;
        const auto& next = links.at(static_cast<std::size_t>(known));
        if (held.seq > 0 && next.previous != held.head)
            return conflict(next.seq, "seq " + std::to_string(next.seq) + " of epoch " + epoch +
                                          " does not follow what is held; what came first stands");
        if (held.seq == 0)
            if (const auto before = store.airings.last_epoch(id))
                store.alarms.add(
                    {now, id, new_epoch_words(epoch, *before, store.airings.held(id, *before).seq)});
        if (batch.set_aside) {
            store.airings.set_aside({id, epoch, batch.first, batch.head, batch.set_aside->why, now});
            store.alarms.add({now, id, set_aside_words(batch)});
        } else {
            const auto doubts = store.airings.add({batch.airings.begin() + known, batch.airings.end()},
                                                  facts_(store, board.place), now);
            for (const auto& [doubt, _] : doubts) store.alarms.add({now, id, doubt_words(doubt)});
        }
        store.airings.keep_signature(batch);
        held = {links.back().seq, links.back().hash};
        // A stick may bring what was written long ago; the network does not.
        if (by_network && store.twins.note_epoch(id, epoch, now)) store.alarms.add({now, id, twin_words});
    }
    store.boards.set_heard(id, now);
    return held;
}

}  // namespace riverlight::office
