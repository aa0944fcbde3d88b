#include "firmware/report/reporter.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cassert>
#include <filesystem>
#include <limits>

#include "content/airing/batch.hpp"
#include "content/airing/enrolment.hpp"
#include "content/base/json.hpp"
#include "content/base/priority.hpp"
#include "content/http/gzip.hpp"
#include "firmware/report/enrolment_file.hpp"

namespace riverlight::firmware {
namespace {

namespace asio = boost::asio;
namespace facts = content::journal_facts;
namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto health_every = 30s;     // the office's "on air now" is at most this old
constexpr auto health_at_most = 5s;    // changes are reported no oftener than this
constexpr auto batch_at_most = 2s;     // collects airings that end within seconds of each other
constexpr auto pending_at_most = 60s;  // once a person approves, the board starts within a minute
constexpr auto idle = 500ms, soon = 50ms;
constexpr std::size_t batch_records = 500;
constexpr std::size_t batch_bytes = 1U << 20;

std::string describe_pending(const SigningKey& key) {
    return "the office has not approved this board yet; its fingerprint is " +
           key_fingerprint(key.public_hex());
}

constexpr auto no_claim_code =
    "this board is not enrolled and has no claim code; ask the office for one and put it under [office]";
constexpr auto lost_key =
    "this board's key could not be read, and a new one was made; ask the office for a new claim code";

struct Problem {
    std::string type, detail;
    std::int64_t seq = 0;  ///< the record that it is about; 0: none
};

/// Reads an RFC 9457 problem document; empty for anything else.
Problem read_problem(const std::string& body) {
    try {
        const auto value = parse_json(body, "problem", {16U << 10, 4, 100});
        JsonFields f(value, "problem");
        Problem problem{f.text_or("type", ""), f.text_or("detail", "")};
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

}  // namespace

std::string_view to_text(ReportState state) {
    switch (state) {
        case ReportState::enrolling:
            return "enrolling";
        case ReportState::pending:
            return "pending";
        case ReportState::reporting:
            return "reporting";
        case ReportState::refused:
            return "refused";
    }
    assert(false && "no report state");
    return {};
}

struct Reporter::Worker {
    OfficeConnection connection;
    std::atomic<bool> busy = false;
    asio::thread_pool thread{1};
    explicit Worker(const ReportSetup& setup) : connection(setup.url, setup.ca_file, setup.now) {
        asio::post(thread, give_way_to_players);
    }
    ~Worker() {
        connection.cancel();
        thread.join();
    }
};

Reporter::Reporter(asio::io_context& loop, ReportSetup setup, Journal& journal,
                   std::function<std::string()> health, std::function<std::string()> pulse)
    : loop_(loop),
      setup_(std::move(setup)),
      journal_(journal),
      health_(std::move(health)),
      pulse_(std::move(pulse)),
      key_(load_board_key(setup_.key_file)),
      board_(journal.state().board),
      view_{ReportState::reporting, key_fingerprint(key_.key.public_hex()), {}},
      timer_(loop),
      worker_(std::make_unique<Worker>(setup_)) {
    reconcile_enrolment(journal_, enrolment_file(), key_);
    office_key_ = journal.fact(facts::office_key).value_or("");
    // A claim code that was not used yet asks for a new enrolment: the office retired the board, or is
    // another one.
    const bool is_new_code =
        !setup_.claim_code.empty() && journal.fact(facts::used_claim) != sha256_hex(setup_.claim_code);
    if (is_new_code) office_key_.clear();
    if (office_key_.empty()) view_.state = ReportState::enrolling;
    if (key_.is_replacement) {
        spdlog::error("{}", lost_key);
        view_.fault = lost_key;
    }
    if (office_key_.empty() && setup_.claim_code.empty()) {
        view_.state = ReportState::refused;
        if (view_.fault.empty()) view_.fault = no_claim_code;
        return;
    }
    schedule(0ms);
}
Reporter::~Reporter() = default;

std::string Reporter::enrolment_file() const {
    return enrolment_path(std::filesystem::path(setup_.key_file).parent_path().string(), board_);
}

void Reporter::stop() {
    stopping_ = true;
    timer_.cancel();
    worker_->connection.cancel();
}

bool Reporter::is_busy() const {
    return worker_->busy;
}

ReportView Reporter::view() const {
    return view_;
}

std::chrono::milliseconds Reporter::next_backoff(std::optional<std::chrono::seconds> retry_after) {
    return backoff_.failed(random_below(0xffffffff), retry_after);
}

void Reporter::schedule(std::chrono::milliseconds delay) {
    timer_.expires_after(delay);
    timer_.async_wait([this](const auto& ec) {
        if (ec || stopping_) return;
        try {
            send_next();
        } catch (const std::exception& e) {  // a locked journal, no memory: tried again
            view_.fault = e.what();
            schedule(next_backoff());
        }
    });
}

/// Sends what is due, one message at a time: enrolment first, then health, then records.
void Reporter::send_next() {
    if (office_key_.empty()) {
        const auto body = content::write_enrolment(
            {setup_.claim_code, key_.key.public_hex(), setup_.place, RIVERLIGHT_VERSION});
        return send(Message::enrolment, {"POST", "/v1/enrolments", body, {}});
    }
    const auto now = std::chrono::steady_clock::now();
    if (!send_health(now) && !send_batch(now)) schedule(idle);
}

/// False if no health report is due.
bool Reporter::send_health(SteadyTime now) {
    const auto age = sent_.health ? now - *sent_.health : health_every;
    auto pulse = pulse_();
    if (age < health_every && (pulse == sent_.pulse || age < health_at_most)) return false;
    sent_.health = now;
    sent_.pulse = std::move(pulse);
    const auto body = health_();
    send(Message::health,
         {"PUT", "/v1/boards/" + board_ + "/health", body, {"Riverlight-Signature: " + key_.key.sign(body)}});
    return true;
}

/// False if no batch is due, or the office holds all records.
bool Reporter::send_batch(SteadyTime now) {
    if (sent_.batch && now - *sent_.batch < batch_at_most) return false;
    auto count = batch_records;
    while (const auto batch = journal_.next_batch(count)) {
        auto body = http::gzip(write_batch(*batch, key_.key));
        if (body.size() > batch_bytes && count > 1) {
            count /= 2;
            continue;
        }
        sent_.batch = now;
        const auto digest = "Content-Digest: sha-256=:" + to_base64(sha256_raw(body)) + ':';
        send(Message::batch, {"PUT",
                              "/v1/boards/" + board_ + "/epochs/" + batch->epoch + "/airings/" +
                                  std::to_string(batch->first) + '-' + std::to_string(batch->last),
                              std::move(body),
                              {"Content-Encoding: gzip", digest}});
        return true;
    }
    return false;
}

void Reporter::send(Message message, OfficeRequest request) {
    assert(!worker_->busy);
    request.headers.emplace_back("Content-Type: application/json");
    worker_->busy = true;
    asio::post(worker_->thread, [this, message, request = std::move(request), alive = std::weak_ptr(alive_)] {
        OfficeAnswer answer;
        try {
            answer = worker_->connection.send(request);
        } catch (const std::exception& e) {
            answer.fault = e.what();
        }
        worker_->busy = false;
        asio::post(loop_, [this, message, answer = std::move(answer), alive] {
            if (alive.expired() || stopping_) return;
            try {
                handle(message, answer);
            } catch (const std::exception&
                         e) {  // an answer that no office gives, a journal that cannot be written
                view_.fault = std::string("the office's answer could not be used: ") + e.what();
                spdlog::warn("{}", view_.fault);
                schedule(next_backoff());
            }
        });
    });
}

void Reporter::handle(Message message, const OfficeAnswer& answer) {
    if (answer.status < 200 || answer.status >= 300) return handle_refusal(message, answer);
    switch (message) {
        case Message::enrolment:
            handle_enrolment(answer.body);
            break;
        case Message::batch:
            if (!handle_receipt(answer.body)) return schedule(next_backoff());
            [[fallthrough]];
        case Message::health:
            if (!view_.fault.empty() || view_.state != ReportState::reporting)
                spdlog::info("the office accepts this board's reports");
            view_.state = ReportState::reporting;
            view_.fault.clear();
            break;
    }
    backoff_.succeeded();
    // A long queue goes out without pauses.
    const bool has_more = message == Message::batch && journal_.next_batch(1).has_value();
    if (has_more) sent_.batch.reset();
    schedule(has_more ? 0ms : soon);
}

/// False if the receipt ends no later than the last one: the office lost what it held (its disk, its backup).
/// The records are sent again from there, without haste.
bool Reporter::handle_receipt(const std::string& body) {
    const auto before = journal_.state().receipted;
    journal_.accept_receipt(content::parse_receipt(body, office_key_));
    const auto receipted = journal_.state().receipted;
    if (receipted > before) return true;
    view_.fault = "the office's receipt ends at airing " + std::to_string(receipted) +
                  "; the airings after it are sent again";
    return false;
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
    view_.fault.clear();
    switch (answer.state) {
        case content::BoardState::pending:
            view_.state = ReportState::pending;
            view_.fault = describe_pending(key_.key);
            break;
        case content::BoardState::active:
            view_.state = ReportState::reporting;
            break;
        case content::BoardState::retired:
            view_.state = ReportState::refused;
            break;
    }
    spdlog::info("enrolled with the office; fingerprint {}", key_fingerprint(key_.key.public_hex()));
}

/// True if our epoch forked from the office's: it holds other records from `seq` on, which we sent and have
/// no receipt for. False in an epoch that already follows a fork and has no receipt yet: an office that
/// refuses everything must not fill the disk with epochs.
bool Reporter::has_forked(std::int64_t seq) const {
    const auto known = journal_.state();
    return seq > known.receipted && seq <= known.last &&
           (known.receipted > 0 || journal_.why_rotated().empty());
}

void Reporter::handle_refusal(Message message, const OfficeAnswer& answer) {
    const auto [type, detail, seq] = read_problem(answer.body);
    if (message == Message::health) sent_.health.reset();
    if (answer.status == 403 && type.ends_with("/pending")) {
        view_.state = ReportState::pending;
        view_.fault = describe_pending(key_.key);
        return schedule(
            std::min<std::chrono::milliseconds>(next_backoff(answer.retry_after), pending_at_most));
    }
    if (message == Message::batch && answer.status == 409 && has_forked(seq)) {
        // Two journals under one name: a copy of an older card was put in. Both histories are kept, each in
        // its epoch.
        journal_.rotate_epoch(seq, "the office holds other airings under its numbers from " +
                                       std::to_string(seq) + " on; was a copy of an older card put in?");
        spdlog::error("{}", journal_.why_rotated());
        return schedule(next_backoff());
    }
    const auto before = view_.fault;
    if (answer.status == 0)
        view_.fault =
            "the office cannot be reached (" + answer.fault + "); airings are kept here until it can";
    else
        view_.fault = "the office answered " + std::to_string(answer.status) +
                      (detail.empty() ? std::string() : ": " + detail);
    if (is_lasting(answer.status)) {
        const auto enrolled_with = journal_.fact(facts::office_key);
        if (message == Message::enrolment && enrolled_with) {
            office_key_ =
                *enrolled_with;  // the new code is refused: the board reports under its old enrolment
            spdlog::warn("{}; the board reports as before", view_.fault);
            return schedule(next_backoff());
        }
        view_.state = office_key_.empty() ? ReportState::enrolling : ReportState::refused;
        backoff_.failures = std::max(backoff_.failures, 6);
    }
    if (view_.fault != before) spdlog::warn("{}", view_.fault);
    schedule(next_backoff(answer.retry_after));
}

}  // namespace riverlight::firmware
