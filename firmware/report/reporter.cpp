#include "firmware/report/reporter.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <limits>

#include "content/airing/batch.hpp"
#include "content/airing/enrolment.hpp"
#include "content/base/json.hpp"
#include "content/http/gzip.hpp"

namespace riverlight::firmware {
namespace {

namespace asio = boost::asio;
namespace facts = content::journal_facts;
namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto health_every = 30s;     // also how old "on air now" can get in the office
constexpr auto health_at_most = 5s;    // a change is told no oftener than this
constexpr auto batch_at_most = 2s;     // airings end seconds apart; each need not travel alone
constexpr auto pending_at_most = 60s;  // a person approves: they should not wait for a quarter of an hour
constexpr std::size_t batch_records = 500;
constexpr std::size_t batch_bytes = 1U << 20;

SigningKey own_key(const std::string& path) {
    if (!std::filesystem::exists(path)) SigningKey::generate().save(path);
    return SigningKey::load(path);
}

std::string pending_words(const SigningKey& key) {
    return "the office has not approved this board yet; its fingerprint is " +
           key_fingerprint(key.public_hex());
}

struct Problem {
    std::string type, detail;
    std::int64_t seq = 0;  ///< the airing it is about, where it is about one
};

/// A problem document; empty for anything else.
Problem problem_of(const std::string& body) {
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

}  // namespace

struct Reporter::Worker {
    Line line;
    std::atomic<bool> busy = false;
    asio::thread_pool thread{1};
    explicit Worker(const ReportSetup& setup) : line(setup.url, setup.ca_file, setup.now) {}
    ~Worker() {
        line.cancel();
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
      key_(own_key(setup_.key_file)),
      timer_(loop),
      state_("reporting"),
      office_key_(journal.fact(facts::office_key).value_or("")),
      board_(journal.state().board),
      worker_(std::make_unique<Worker>(setup_)) {
    // A code that was not used yet asks for a new enrolment: the office retired the board, or is another one.
    const bool new_code =
        !setup_.claim_code.empty() && journal.fact(facts::used_claim) != sha256_hex(setup_.claim_code);
    if (new_code) office_key_.clear();
    if (office_key_.empty()) state_ = "enrolling";
    if (office_key_.empty() && setup_.claim_code.empty()) {
        state_ = "refused";
        fault_ =
            "this board is not enrolled and has no claim code; ask the office for one and put it under "
            "[office]";
        return;
    }
    wait(0ms);
}
Reporter::~Reporter() = default;

void Reporter::stop() {
    stopping_ = true;
    timer_.cancel();
    worker_->line.cancel();
}

bool Reporter::busy() const {
    return worker_->busy;
}

ReportView Reporter::view() const {
    return {state_, key_fingerprint(key_.public_hex()), fault_};
}

void Reporter::wait(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    timer_.async_wait([this](const auto& ec) {
        if (ec || stopping_) return;
        try {
            look();
        } catch (const std::exception& e) {  // a locked journal, no memory: the line is tried again
            fault_ = e.what();
            wait(backoff_.failed(random_below(0xffffffff)));
        }
    });
}

/// Sends what is due, one thing at a time: enrolment, then how the board is, then what aired.
void Reporter::look() {
    const auto now = std::chrono::steady_clock::now();
    const auto since = [now](const auto& at) { return at ? now - *at : 24h; };
    if (office_key_.empty()) {
        const auto body = content::write_enrolment(
            {setup_.claim_code, key_.public_hex(), setup_.place, RIVERLIGHT_VERSION});
        return send(Sent::enrolment, {"POST", "/v1/enrolments", body, {}});
    }
    const auto pulse = pulse_();
    if (since(health_sent_) >= health_every ||
        (pulse != pulse_sent_ && since(health_sent_) >= health_at_most)) {
        health_sent_ = now;
        pulse_sent_ = pulse;
        const auto body = health_();
        return send(
            Sent::health,
            {"PUT", "/v1/boards/" + board_ + "/health", body, {"Riverlight-Signature: " + key_.sign(body)}});
    }
    if (since(batch_sent_) >= batch_at_most) {
        auto count = batch_records;
        while (const auto batch = journal_.next_batch(count)) {
            auto body = http::gzip(write_batch(*batch, key_));
            if (body.size() > batch_bytes && count > 1) {
                count /= 2;
                continue;
            }
            batch_sent_ = now;
            const auto digest = "Content-Digest: sha-256=:" + to_base64(sha256_raw(body)) + ':';
            return send(Sent::batch, {"PUT",
                                      "/v1/boards/" + board_ + "/epochs/" + batch->epoch + "/airings/" +
                                          std::to_string(batch->first) + '-' + std::to_string(batch->last),
                                      std::move(body),
                                      {"Content-Encoding: gzip", digest}});
        }
    }
    wait(500ms);
}

void Reporter::send(Sent what, Exchange exchange) {
    exchange.headers.emplace_back("Content-Type: application/json");
    worker_->busy = true;
    asio::post(worker_->thread, [this, what, exchange = std::move(exchange), here = std::weak_ptr(here_)] {
        Answer answer;
        try {
            answer = worker_->line.send(exchange);
        } catch (const std::exception& e) {
            answer.fault = e.what();
        }
        worker_->busy = false;
        asio::post(loop_, [this, what, answer = std::move(answer), here] {
            if (here.expired() || stopping_) return;
            try {
                answered(what, answer);
            } catch (
                const std::exception& e) {  // an answer no office gives, a journal that cannot be written
                fault_ = std::string("the office's answer was not taken: ") + e.what();
                spdlog::warn("{}", fault_);
                wait(backoff_.failed(random_below(0xffffffff)));
            }
        });
    });
}

void Reporter::answered(Sent what, const Answer& answer) {
    if (answer.status < 200 || answer.status >= 300) return refused(what, answer);
    if (what == Sent::enrolment) enrolled(answer.body);
    if (what == Sent::batch) {
        const auto before = journal_.state().receipted;
        journal_.accept_receipt(content::parse_receipt(answer.body, office_key_));
        if (journal_.state().receipted <= before) {
            // An office that lost what it held (its disk, its backup): sent again from there, without haste.
            fault_ = "the office's receipt ends at airing " + std::to_string(journal_.state().receipted) +
                     "; what follows is sent again";
            return wait(backoff_.failed(random_below(0xffffffff)));
        }
    }
    if (what != Sent::enrolment) {
        if (!fault_.empty() || state_ != "reporting")
            spdlog::info("the office takes what this board reports");
        state_ = "reporting";
        fault_.clear();
    }
    backoff_.succeeded();
    // A long queue goes out without pauses; otherwise look again soon.
    const bool more = what == Sent::batch && journal_.next_batch(1).has_value();
    if (more) batch_sent_.reset();
    wait(more ? 0ms : 50ms);
}

void Reporter::enrolled(const std::string& body) {
    const auto answer = content::parse_enrolment_answer(body);
    if (answer.board != board_)
        throw Error("the claim code was made for board '" + answer.board + "' and this is '" + board_ +
                    "'; ask the office for a code of this place");
    journal_.set_fact(facts::office_key, answer.office_key);
    journal_.set_fact(facts::used_claim, sha256_hex(setup_.claim_code));
    office_key_ = answer.office_key;
    state_ = answer.state == content::BoardState::active ? "reporting" : to_text(answer.state);
    fault_ = answer.state == content::BoardState::pending ? pending_words(key_) : std::string();
    spdlog::info("enrolled with the office; fingerprint {}", key_fingerprint(key_.public_hex()));
}

/// Whether an office that holds other airings from `seq` on is one to give way to: about a number it was sent
/// and has not receipted, and not of an epoch that it has receipted nothing of and that was begun for its
/// sake. An office that refuses everything costs one file, not the disk.
bool Reporter::forked_from(std::int64_t seq) const {
    const auto known = journal_.state();
    return seq > known.receipted && seq <= known.last &&
           (known.receipted > 0 || journal_.why_rotated().empty());
}

void Reporter::refused(Sent what, const Answer& answer) {
    const auto [type, detail, seq] = problem_of(answer.body);
    if (what == Sent::health) health_sent_.reset();
    if (answer.status == 403 && type.ends_with("/pending")) {
        state_ = "pending";
        fault_ = pending_words(key_);
        return wait(std::min<std::chrono::milliseconds>(
            backoff_.failed(random_below(0xffffffff), answer.retry_after), pending_at_most));
    }
    if (what == Sent::batch && answer.status == 409 && forked_from(seq)) {
        // Two journals under one name: a copy of an older card was put back. Both histories stand, each in
        // its own epoch.
        journal_.rotate_epoch(seq, "the office holds other airings under its numbers from " +
                                       std::to_string(seq) + " on; was a copy of an older card put in?");
        spdlog::error("{}", journal_.why_rotated());
        return wait(backoff_.failed(random_below(0xffffffff)));
    }
    const auto before = fault_;
    if (answer.status == 0)
        fault_ = "the office cannot be reached (" + answer.fault + "); what airs is kept here until it can";
    else
        fault_ = "the office answered " + std::to_string(answer.status) +
                 (detail.empty() ? std::string() : ": " + detail);
    // 4xx but these says that trying again soon is of no use: a person has to look.
    const bool lasting = answer.status >= 400 && answer.status < 500 && answer.status != 408 &&
                         answer.status != 425 && answer.status != 429;
    const auto enrolled_with = journal_.fact(facts::office_key);
    if (lasting && what == Sent::enrolment && enrolled_with) {
        office_key_ = *enrolled_with;  // no new enrolment: the old one goes on
        spdlog::warn("{}; reporting goes on as before", fault_);
        return wait(backoff_.failed(random_below(0xffffffff)));
    }
    if (lasting) {
        state_ = office_key_.empty() ? "enrolling" : "refused";
        backoff_.failures = std::max(backoff_.failures, 6);
    }
    if (fault_ != before) spdlog::warn("{}", fault_);
    wait(backoff_.failed(random_below(0xffffffff), answer.retry_after));
}

}  // namespace riverlight::firmware
