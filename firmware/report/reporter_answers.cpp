// What a Reporter makes of the office's answers.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cassert>
#include <filesystem>
#include <limits>

#include "content/airing/batch.hpp"
#include "content/airing/enrolment.hpp"
#include "content/airing/health.hpp"
#include "content/base/json.hpp"
#include "content/base/plain_text.hpp"
#include "firmware/report/enrolment_file.hpp"
#include "firmware/report/reporter.hpp"

namespace riverlight::firmware {
namespace {

namespace facts = content::journal_facts;
using namespace std::chrono_literals;

constexpr auto pending_at_most = 60s;  // once a person approves, the board starts within a minute
constexpr int lasting_failures = 6;    // a refusal that a person must act on is tried again in half a minute

struct Problem {
    std::string type, detail;
    std::int64_t seq = 0;  ///< the record that it is about; 0: none
};

/// Reads an RFC 9457 problem document; empty for anything else.
Problem read_problem(const std::string& body) {
    try {
        const auto value = parse_json(body, "problem", {16U << 10, 4, 100});
        JsonFields f(value, "problem");
        Problem problem{f.text_or("type", ""), plain_text(f.text_or("detail", ""), 1000)};
        problem.seq = f.integer_or("seq", 0, 0, std::numeric_limits<std::int64_t>::max());
        return problem;
    } catch (const Error&) {
        return {};
    }
}

/// True for statuses after which trying again soon is of no use: a person must act. All of 4xx but timeout,
/// too early and too many requests (RFC 9110, 8470, 6585).
bool is_lasting(long status) {
    return status >= 400 && status < 500 && status != 408 && status != 425 && status != 429;
}

/// True if the answer refuses what a batch holds, not its sender, and not bytes that changed on their way.
bool is_about_content(long status, const std::string& type) {
    if (status == 403) return type.ends_with(":place");
    return (status == 400 || status == 413 || status == 422) && !type.ends_with(":digest");
}

bool is_pending(long status, const std::string& type) {
    return status == 403 && type.ends_with("/pending");
}

std::string words_of(const OfficeAnswer& answer) {
    if (answer.status == 0)
        return "the office cannot be reached (" + plain_text(answer.fault, 500) +
               "); airings are kept here until it can";
    const auto detail = read_problem(answer.body).detail;
    return "the office answered " + std::to_string(answer.status) + (detail.empty() ? "" : ": " + detail);
}

}  // namespace

void Reporter::succeed(Message message) {
    if (!lane(message).fault.empty()) spdlog::info("the office accepts this board's reports");
    for (auto& each : lanes_) {
        // What gets through shows that the office can be reached, and knows the board.
        const bool is_over =
            each.problem == ReportProblem::not_approved || each.problem == ReportProblem::unreachable;
        if (&each != &lane(message) && !is_over) continue;
        each.problem = ReportProblem::none;
        each.fault.clear();
        each.backoff.succeeded();
        each.due = {};
    }
    if (lane(Message::batch).problem == ReportProblem::none) state_ = ReportState::reporting;
}

void Reporter::fail(Message message, ReportProblem problem, const std::string& fault,
                    std::optional<std::chrono::seconds> retry_after) {
    auto& l = lane(message);
    if (l.fault != fault) spdlog::warn("{}", fault);
    l.problem = problem;
    l.fault = fault;
    l.sent.reset();
    auto wait = l.backoff.failed(random_below(0xffffffff), retry_after);
    if (problem == ReportProblem::not_approved)
        wait = std::min<std::chrono::milliseconds>(wait, pending_at_most);
    l.due = std::chrono::steady_clock::now() + wait;
}

void Reporter::handle(Message message, const OfficeAnswer& answer) {
    // An audit that is not answered is no trouble: an older office knows none.
    if (message == Message::audit && answer.status != 200) {
        if (audit_) audit_->skip(std::chrono::steady_clock::now());
        return;
    }
    if (answer.status < 200 || answer.status >= 300) return handle_refusal(message, answer);
    switch (message) {
        case Message::enrolment:
            return handle_enrolment(answer.body);
        case Message::batch:
            handle_receipt(answer.body);
            if (answer.date && setup_.on_office_time) setup_.on_office_time(*answer.date);
            break;
        case Message::health:
            handle_health_answer(answer.body);
            succeed(message);
            break;
        case Message::audit:
            if (audit_) audit_->handle(answer.body, std::chrono::steady_clock::now());
            break;
    }
}

/// A receipt that ends no later than the last one says that the office lost what it held (its disk, its
/// backup). The records are sent again from there, without haste.
void Reporter::handle_receipt(const std::string& body) {
    const auto before = journal_.state().receipted;
    journal_.accept_receipt(content::parse_receipt(body, office_key_));
    const auto receipted = journal_.state().receipted;
    const auto verdict = search_.accepted(sent_batch_, receipted);
    if (verdict == RefusalSearch::Verdict::new_epoch && receipted == before)
        return start_epoch_behind_suspect();
    if (receipted <= before)
        return fail(Message::batch, ReportProblem::lost_there,
                    "the office's receipt ends at airing " + std::to_string(receipted) +
                        "; the airings after it are sent again");
    if (sent_batch_.kind == BatchPlan::Kind::set_aside) note_set_aside();
    succeed(Message::batch);
    if (journal_.state().last > receipted) lane(Message::batch).sent.reset();
}

/// Kept in the journal: a board that is off or offline meanwhile still says so.
void Reporter::handle_health_answer(const std::string& body) {
    auto answer = content::read_health_answer(body, office_key_);
    if (answer.board != board_ || answer.run != run_) answer = {};
    if (answer.two_boards && !two_boards_)
        spdlog::error("another device reports to the office with this board's key: a card was copied");
    if (answer.two_boards != two_boards_) {
        if (answer.two_boards)
            journal_.set_fact(facts::two_boards, *answer.two_boards);
        else
            journal_.clear_fact(facts::two_boards);
        two_boards_ = answer.two_boards;
    }
    gives_up_key_ = answer.enrol_anew;
}

/// The office holds all records. The claim code that enrolled this key does not do so again.
void Reporter::give_up_key() {
    spdlog::error("the office gave this board's key to another device; this one needs a new claim code");
    journal_.clear_fact(facts::office_key);
    std::filesystem::remove(enrolment_file());
    key_ = replace_board_key(setup_.key_file);
    journal_.clear_fact(facts::two_boards);
    two_boards_.reset();
    gives_up_key_ = false;
    office_key_.clear();
    audit_.reset();
    state_ = ReportState::refused;
    auto& enrolment = lane(Message::enrolment);
    enrolment.problem = ReportProblem::key_given_up;
    enrolment.due = SteadyTime::max();
}

/// Keeps beside the records, for people, that the office holds only the hash of one of them.
void Reporter::note_set_aside() {
    const auto record = journal_.read(search_.suspect(), 1);
    assert(!record.empty());
    auto notes = journal_.fact(facts::set_aside_records).value_or(content::SetAsideNotes{});
    const auto now = std::chrono::floor<std::chrono::microseconds>(
        setup_.now ? setup_.now() : std::chrono::system_clock::now());
    notes.push_back({record.front().epoch, record.front().seq, record.front().hash, now, search_.why()});
    journal_.set_fact(facts::set_aside_records, notes);
    spdlog::error("the office does not accept airing {} ({}); it has its hash, and the airing stays here",
                  search_.suspect(), search_.why());
}

/// The office is from before records could be set aside in the chain.
void Reporter::start_epoch_behind_suspect() {
    note_set_aside();
    journal_.rotate_epoch(search_.suspect() + 1, "the office does not accept airing " +
                                                     std::to_string(search_.suspect()) + " (" +
                                                     search_.why() + ")");
    spdlog::error("{}", journal_.why_rotated());
    succeed(Message::batch);
    lane(Message::batch).sent.reset();
}

void Reporter::handle_enrolment(const std::string& body) {
    const auto answer = content::parse_enrolment_answer(body);
    if (answer.board != board_)
        throw Error("the claim code was made for board '" + answer.board + "' and this is '" + board_ +
                    "'; ask the office for a code of this place");
    const auto claim = sha256_hex(setup_.claim_code);
    write_enrolment_file(enrolment_file(), {answer.office_key, claim, key_.key.public_hex()});
    journal_.set_fact(facts::office_key, answer.office_key);
    journal_.set_fact(facts::used_claim, claim);
    office_key_ = answer.office_key;
    audit_.emplace(journal_, office_key_);
    succeed(Message::enrolment);
    switch (answer.state) {
        case content::BoardState::pending:
            state_ = ReportState::pending;
            lane(Message::batch).problem = ReportProblem::not_approved;
            lane(Message::batch).fault = describe_pending();
            break;
        case content::BoardState::active:
            state_ = ReportState::reporting;
            break;
        case content::BoardState::retired:
            state_ = ReportState::refused;
            break;
    }
    spdlog::info("enrolled with the office; fingerprint {}", key_fingerprint(key_.key.public_hex()));
}

std::string Reporter::describe_pending() const {
    return "the office has not approved this board yet; its fingerprint is " +
           key_fingerprint(key_.key.public_hex());
}

/// True if our epoch forked from the office's: it holds other records from `seq` on, which we sent and have
/// no receipt for. False in an epoch that already follows a fork and has no receipt yet: an office that
/// refuses everything must not fill the disk with epochs.
bool Reporter::has_forked(std::int64_t seq) const {
    const auto known = journal_.state();
    return seq > known.receipted && seq <= known.last &&
           (known.receipted > 0 || journal_.why_rotated().empty());
}

bool Reporter::search_bad_record(const OfficeAnswer& answer) {
    const auto problem = read_problem(answer.body);
    if (!is_about_content(answer.status, problem.type)) return false;
    const auto last = sent_batch_.first + static_cast<std::int64_t>(sent_batch_.count) - 1;
    const auto verdict =
        search_.refused(sent_batch_, last, problem.seq, journal_.state().last > last, words_of(answer));
    if (verdict == RefusalSearch::Verdict::all_refused) return false;
    lane(Message::batch).sent.reset();  // the search goes on at once
    return true;
}

void Reporter::handle_refusal(Message message, const OfficeAnswer& answer) {
    const auto [type, detail, seq] = read_problem(answer.body);
    if (is_pending(answer.status, type)) {
        state_ = ReportState::pending;
        return fail(message, ReportProblem::not_approved, describe_pending(), answer.retry_after);
    }
    if (message == Message::batch && answer.status == 409 && has_forked(seq)) {
        // Two journals under one name: a copy of an older card was put in. Both histories are kept, each in
        // its epoch.
        journal_.rotate_epoch(seq, "the office holds other airings under its numbers from " +
                                       std::to_string(seq) + " on; was a copy of an older card put in?");
        return fail(message, ReportProblem::failing, journal_.why_rotated());
    }
    if (message == Message::batch && search_bad_record(answer)) return;
    if (message == Message::enrolment && type.ends_with("/key")) {
        spdlog::error("this board's key is another board's, since its card is a copy; it makes its own");
        key_ = replace_board_key(setup_.key_file);
        lane(message).due = {};
        return;
    }
    const auto fault = words_of(answer);
    if (answer.status == 0) return fail(message, ReportProblem::unreachable, fault);
    if (!is_lasting(answer.status)) return fail(message, ReportProblem::failing, fault, answer.retry_after);
    lane(message).backoff.failures = std::max(lane(message).backoff.failures, lasting_failures);
    const auto enrolled_with = journal_.fact(facts::office_key);
    if (message == Message::enrolment && enrolled_with) {
        // The new code is refused: the board reports under its old enrolment.
        office_key_ = *enrolled_with;
        audit_.emplace(journal_, office_key_);
        state_ = ReportState::reporting;
        spdlog::warn("{}; the board reports as before", fault);
        return;
    }
    if (message != Message::health)
        state_ = office_key_.empty() ? ReportState::enrolling : ReportState::refused;
    fail(message, message == Message::enrolment ? ReportProblem::enrolment_refused : ReportProblem::refused,
         fault, answer.retry_after);
}

}  // namespace riverlight::firmware
