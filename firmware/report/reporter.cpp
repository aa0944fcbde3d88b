#include "firmware/report/reporter.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cassert>
#include <filesystem>
#include <utility>

#include "content/airing/batch.hpp"
#include "content/base/json.hpp"
#include "content/base/priority.hpp"
#include "firmware/report/enrolment_file.hpp"
#include "firmware/report/office_requests.hpp"

namespace riverlight::firmware {
namespace {

namespace asio = boost::asio;
namespace facts = content::journal_facts;
using namespace std::chrono_literals;

constexpr auto health_every = 30s;   // the office's "on air now" is at most this old
constexpr auto health_at_most = 5s;  // changes are reported no oftener than this
constexpr auto batch_at_most = 2s;   // collects airings that end within seconds of each other
constexpr auto idle = 500ms, soon = 50ms;

constexpr auto no_claim_code =
    "this board is not enrolled and has no claim code; ask the office for one and put it under [office]";
constexpr auto lost_key =
    "this board's key could not be read, and a new one was made; ask the office for a new claim code";

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
      run_(random_hex(8)),
      after_(journal.fact(facts::run).value_or("")),
      two_boards_(journal.fact(facts::two_boards)),
      timer_(loop),
      worker_(std::make_unique<Worker>(setup_)) {
    journal_.set_fact(facts::run, run_);
    reconcile_enrolment(journal_, enrolment_file(), key_);
    office_key_ = journal.fact(facts::office_key).value_or("");
    // A claim code that was not used yet asks for a new enrolment: the office retired the board, or is
    // another one.
    const bool is_new_code =
        !setup_.claim_code.empty() && journal.fact(facts::used_claim) != sha256_hex(setup_.claim_code);
    if (is_new_code) office_key_.clear();
    if (office_key_.empty())
        state_ = ReportState::enrolling;
    else
        audit_.emplace(journal_, office_key_);
    auto& enrolment = lane(Message::enrolment);
    if (key_.is_replacement) {
        spdlog::error("{}", lost_key);
        enrolment.problem = ReportProblem::no_claim_code;
        enrolment.fault = lost_key;
    }
    if (office_key_.empty() && (setup_.claim_code.empty() || !is_new_code)) {
        state_ = ReportState::refused;
        enrolment.problem = setup_.claim_code.empty() && !journal.fact(facts::used_claim)
                                ? ReportProblem::no_claim_code
                                : ReportProblem::key_given_up;
        if (enrolment.fault.empty()) enrolment.fault = no_claim_code;
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
    const auto& [enrolment, health, batch, audit] = lanes_;
    ReportView view{state_,
                    key_fingerprint(key_.key.public_hex()),
                    {},
                    batch.problem,
                    health.problem,
                    run_,
                    after_,
                    two_boards_,
                    gives_up_key_};
    if (enrolment.problem != ReportProblem::none) view.airings = enrolment.problem;
    if (audit_) view.changed_past = audit_->finding();
    for (const auto* lane : {&enrolment, &batch, &health})
        if (view.fault.empty()) view.fault = lane->fault;
    return view;
}

void Reporter::compare_with(const std::string& published_head) {
    if (audit_) audit_->compare_with(published_head);
}

void Reporter::schedule(std::chrono::milliseconds delay) {
    timer_.expires_after(delay);
    timer_.async_wait([this](const auto& ec) {
        if (!ec && !stopping_) send_next();
    });
}

/// Sends what is due, one message at a time: enrolment first; then of health and records what was tried
/// longer ago.
void Reporter::send_next() {
    const auto now = std::chrono::steady_clock::now();
    const auto is_sent = [&](Message message) {
        try {
            if (lane(message).due > now) return false;
            if (message == Message::audit) return send_audit(now);
            return message == Message::health ? send_health(now) : send_batch(now);
        } catch (const std::exception& e) {  // a locked journal, no memory: tried again
            fail(message, ReportProblem::journal, e.what());
            return false;
        }
    };
    if (office_key_.empty()) {
        if (lane(Message::enrolment).due > now) return schedule(idle);
        return send_enrolment();
    }
    if (gives_up_key_ && journal_.state().last == journal_.state().receipted) {
        give_up_key();
        return schedule(idle);
    }
    const bool records_first = lane(Message::batch).sent < lane(Message::health).sent;
    const auto first = records_first ? Message::batch : Message::health;
    const auto second = records_first ? Message::health : Message::batch;
    if (!is_sent(first) && !is_sent(second) && !is_sent(Message::audit)) schedule(idle);
}

void Reporter::send_enrolment() {
    send(Message::enrolment,
         enrolment_request({setup_.claim_code, key_.key.public_hex(), setup_.place, RIVERLIGHT_VERSION}));
}

/// False if no health report is due.
bool Reporter::send_health(SteadyTime now) {
    auto& sent = lane(Message::health).sent;
    const auto age = sent ? now - *sent : health_every;
    auto pulse = pulse_();
    if (age < health_every && (pulse == sent_pulse_ || age < health_at_most)) return false;
    sent = now;
    sent_pulse_ = std::move(pulse);
    send(Message::health, health_request(board_, health_(), key_.key));
    return true;
}

/// The batch that the plan asks for; nothing if there are no such records.
std::optional<content::Batch> Reporter::make_batch(const BatchPlan& plan) const {
    auto airings = journal_.read(plan.first, plan.count);
    if (airings.empty()) return {};
    content::Batch batch;
    batch.board = board_;
    batch.epoch = airings.front().epoch;
    batch.first = airings.front().seq;
    batch.last = airings.back().seq;
    batch.head = airings.back().hash;
    if (plan.kind == BatchPlan::Kind::set_aside)
        batch.set_aside = {airings.front().previous, airings.front().hash, search_.why()};
    else
        batch.airings = std::move(airings);
    return batch;
}

/// False if no batch is due, or the office holds all records.
bool Reporter::send_batch(SteadyTime now) {
    auto& sent = lane(Message::batch).sent;
    if (sent && now - *sent < batch_at_most) return false;
    const auto known = journal_.state();
    if (std::exchange(epoch_, known.epoch) != known.epoch) search_ = {};
    auto plan = search_.next(known.receipted, batch_records);
    while (const auto batch = make_batch(plan)) {
        auto request = batch_request(*batch, key_.key);
        if (request.body.size() > batch_bytes && plan.count > 1) {
            plan.count /= 2;
            continue;
        }
        sent = now;
        plan.count = static_cast<std::size_t>(batch->last - batch->first + 1);
        sent_batch_ = plan;
        send(Message::batch, std::move(request));
        return true;
    }
    // The office holds all, perhaps by way of a stick.
    auto& batch = lane(Message::batch);
    if (batch.problem != ReportProblem::not_approved) {
        batch.problem = ReportProblem::none;
        batch.fault.clear();
    }
    return false;
}

/// False if none is due.
bool Reporter::send_audit(SteadyTime now) {
    const auto request = audit_ ? audit_->next(now) : std::nullopt;
    if (!request) return false;
    send(Message::audit, audit_request(*request, key_.key));
    return true;
}

void Reporter::send(Message message, OfficeRequest request) {
    assert(!worker_->busy);
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
            } catch (const std::exception& e) {  // no office says so, or the journal cannot be written
                fail(message, ReportProblem::bad_answer,
                     std::string("the office's answer could not be used: ") + e.what());
            }
            // A long queue goes out without pauses.
            schedule(lane(Message::batch).sent ? soon : 0ms);
        });
    });
}

}  // namespace riverlight::firmware
