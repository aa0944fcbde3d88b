#include "content/airing/enrolment.hpp"

#include <cassert>

#include "content/base/crypto.hpp"
#include "content/base/error.hpp"
#include "content/base/json.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight::content {

namespace json = boost::json;

namespace {
constexpr std::size_t longest_id = 64;  ///< bytes of each text
}

std::string_view to_text(BoardState state) {
    switch (state) {
        case BoardState::pending:
            return "pending";
        case BoardState::active:
            return "active";
        case BoardState::retired:
            return "retired";
    }
    assert(false && "no board state");
    return {};
}

std::optional<BoardState> parse_board_state(std::string_view text) {
    for (const auto state : {BoardState::pending, BoardState::active, BoardState::retired})
        if (to_text(state) == text) return state;
    return std::nullopt;
}

std::string write_enrolment(const EnrolmentRequest& r) {
    return canonical_json(json::object{{"format", 1},
                                       {"claim_code", plain_text(r.claim_code, longest_id)},
                                       {"public_key", plain_text(r.public_key, longest_id)},
                                       {"place", plain_text(r.place, longest_id)},
                                       {"version", plain_text(r.version, longest_id)}});
}

EnrolmentRequest parse_enrolment(std::string_view text) {
    const auto value = parse_json(text, "enrolment", {4096, 2, 20});
    JsonFields f(value, "enrolment");
    f.format(1);
    EnrolmentRequest r;
    r.claim_code = f.text("claim_code", longest_id);
    r.public_key = f.text("public_key", longest_id);
    r.place = f.text("place", longest_id);
    r.version = f.text("version", longest_id);
    f.closed();
    if (r.public_key.size() != 64 || to_hex(from_hex(r.public_key)) != r.public_key)
        throw Error("enrolment: public_key is not 64 lower-case hex digits");
    return r;
}

std::string write_enrolment_answer(const EnrolmentAnswer& a) {
    return canonical_json(json::object{{"format", 1},
                                       {"board", plain_text(a.board, longest_id)},
                                       {"office_key", plain_text(a.office_key, longest_id)},
                                       {"fingerprint", plain_text(a.fingerprint, longest_id)},
                                       {"state", to_text(a.state)}});
}

EnrolmentAnswer parse_enrolment_answer(std::string_view text) {
    const auto value = parse_json(text, "the office's answer", {16U << 10, 4, 100});
    JsonFields f(value, "the office's answer");
    f.format(1);
    EnrolmentAnswer a;
    a.board = f.text("board", longest_id);
    a.office_key = f.text("office_key", longest_id);
    a.fingerprint = f.text_or("fingerprint", "", longest_id);
    a.state = parse_board_state(f.text_or("state", "pending")).value_or(BoardState::pending);
    if (a.office_key.size() != 64 || from_hex(a.office_key).size() != 32)
        throw Error(f.what() + ": office_key is not 64 hex digits");
    return a;
}

}  // namespace riverlight::content
