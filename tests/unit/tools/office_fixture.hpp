#pragma once
#include <gtest/gtest.h>

#include "content/airing/batch.hpp"
#include "content/base/json.hpp"
#include "content/http/gzip.hpp"
#include "tests/support/office_folder.hpp"
#include "tools/office/enrolment.hpp"
#include "tools/office/intake.hpp"
#include "tools/office/store.hpp"

namespace riverlight::office {

using namespace std::chrono_literals;

inline const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");  // in Phnom Penh

/// An office with one place, the keys of its board and of a stranger, and the requests that a board sends.
class OfficeTest : public testing::Test {
  protected:
    http::Request request(const std::string& body) {
        http::Request r;
        r.method = "PUT";
        r.body = body;
        r.remote = "192.0.2.1";
        return r;
    }
    http::Request enrolment(const std::string& code, const SigningKey& key,
                            const std::string& place = "kh-pp-01") {
        return request(canonical_json(boost::json::object{{"format", 1},
                                                          {"claim_code", code},
                                                          {"public_key", key.public_hex()},
                                                          {"place", place},
                                                          {"version", "1"}}));
    }
    std::string claim() {
        auto code = new_claim_code();
        store_.boards.add_claim_code(claim_code_hash(code), {"kh-pp-01", "kh-pp-01", noon + 24h, ""});
        return code;
    }
    void join() {
        ASSERT_EQ(intake_.enrol(enrolment(claim(), board_), noon).status, 201);
        store_.boards.set_state("kh-pp-01", BoardState::active);
    }
    content::Batch batch(std::int64_t first, std::int64_t last, const std::string& flavour = {}) {
        content::Batch b;
        b.board = "kh-pp-01";
        b.epoch = "e1";
        b.first = first;
        b.last = last;
        auto previous = content::first_previous(b.board, b.epoch);
        for (std::int64_t seq = 1; seq <= last; ++seq) {
            AiringRecord r;
            r.board = b.board;
            r.epoch = b.epoch;
            r.seq = seq;
            r.outlet = "screen";
            r.place = place_;
            r.airing = "airing" + std::to_string(seq);
            r.campaign = "always";
            r.segment = "fair-work";
            r.locale_aired = "km";
            r.status = content::AiringStatus::aired;
            r.reason = flavour;
            r.planned_start = r.started = noon + std::chrono::seconds(seq * 10);
            r.planned_end = r.ended = *r.planned_start + 10s;
            r.frames = 250;
            r.samples = 480'000;
            r.sha256 = std::string(64, 'a');
            r.previous = previous;
            r.hash = content::record_hash(r);
            previous = r.hash;
            if (seq >= first) b.airings.push_back(r);
        }
        b.head = previous;
        return b;
    }
    http::Response send(const std::string& json, const std::string& range,
                        const std::string& encoding = "gzip") {
        auto r = request(encoding == "gzip" ? http::gzip(json) : json);
        if (!encoding.empty()) r.headers["content-encoding"] = encoding;
        r.headers["content-digest"] = "sha-256=:" + to_base64(sha256_raw(r.body)) + ':';
        return intake_.airings(r, "kh-pp-01", "e1", range, noon);
    }
    http::Response send(std::int64_t first, std::int64_t last, const std::string& flavour = {}) {
        return send(write_batch(batch(first, last, flavour), board_),
                    std::to_string(first) + '-' + std::to_string(last));
    }
    std::int64_t held(const http::Response& response) {
        EXPECT_EQ(response.status, 200) << response.body;
        return content::parse_receipt(response.body, office_.public_hex()).held;
    }
    test::OfficeFolder folder_;
    OfficeStore store_{folder_.path()};
    SigningKey office_ = SigningKey::from_seed_hex(std::string(64, '1'));
    SigningKey board_ = SigningKey::from_seed_hex(std::string(64, '2'));
    SigningKey thief_ = SigningKey::from_seed_hex(std::string(64, '3'));
    std::string place_ = "kh-pp-01";
    Intake intake_{store_, office_, [](const std::string&) { return PlaceFacts{"KH", "Asia/Phnom_Penh"}; }};
};

}  // namespace riverlight::office
