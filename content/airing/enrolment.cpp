#include "content/airing/enrolment.hpp"

#include <cassert>

#include "content/base/crypto.hpp"
#include "content/base/error.hpp"
#include "content/base/json.hpp"

namespace riverlight::content {

namespace json = boost::json;

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
                                       {"claim_code", r.claim_code},
                                       {"public_key", r.public_key},
                                       {"place", r.place},
                                       {"version", r.version}});
}

EnrolmentRequest parse_enrolment(std::string_view text) {
    const auto value = parse_json(text, "enrolment", {4096, 2, 20});
    JsonFields f(value, "enrolment");
    f.format(1);
    EnrolmentRequest r;
    r.claim_code = f.text("claim_code", 64);
    r.public_key = f.text("public_key", 64);
    r.place = f.text("place", 64);
    r.version = f.text("version", 64);
    f.closed();
    if (r.public_key.size() != 64 || to_hex(from_hex(r.public_key)) != r.public_key)
        throw Error("enrolment: public_key is not 64 lower-case hex digits");
    return r;
}

std::string write_enrolment_answer(const EnrolmentAnswer& a) {
    return canonical_json(json::object{{"format", 1},
                                       {"board", a.board},
                                       {"office_key", a.office_key},
                                       {"fingerprint", a.fingerprint},
                                       {"state", to_text(a.state)}});
}

EnrolmentAnswer parse_enrolment_answer(std::string_view text) {
    const auto value = parse_json(text, "the office's answer", {16U << 10, 4, 100});
    JsonFields f(value, "the office's answer");
    f.format(1);
    EnrolmentAnswer a;
    a.board = f.text("board", 64);
    a.office_key = f.text("office_key", 64);
    a.fingerprint = f.text_or("fingerprint", "", 64);
    a.state = parse_board_state(f.text_or("state", "pending")).value_or(BoardState::pending);
    if (a.office_key.size() != 64 || from_hex(a.office_key).size() != 32)
        throw Error(f.what() + ": office_key is not 64 hex digits");
    return a;
}

}  // namespace riverlight::content
