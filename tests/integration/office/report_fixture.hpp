#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <filesystem>
#include <memory>
#include <vector>

#include "content/http/server.hpp"
#include "firmware/report/reporter.hpp"
#include "tests/support/office_folder.hpp"
#include "tools/office/enrolment.hpp"
#include "tools/office/office.hpp"

// A board with a journal and an office, in one loop, over a real socket.
namespace riverlight {

using firmware::Journal;
using firmware::Reporter;
using firmware::ReportSetup;
using testing::HasSubstr;
using namespace std::chrono_literals;

class ReportTest : public testing::Test {
  protected:
    ReportTest() { open_office("office"); }

    office::OfficeSettings settings_of(const std::string& folder, bool behind_tls) const {
        office::OfficeSettings settings;
        settings.state_folder = folder_ / folder;
        settings.behind_tls = behind_tls;
        return settings;
    }
    /// Each office has records of its own, in this run's kind of database.
    void make_state(const std::string& folder) {
        if (!test::is_on_postgresql() || std::filesystem::exists(folder_ / (folder + "/office.toml"))) return;
        std::filesystem::create_directories(folder_ / folder);
        databases_.push_back(std::make_unique<test::OfficeFolder>());
        std::filesystem::copy_file(*databases_.back() / "office.toml", folder_ / (folder + "/office.toml"));
    }
    void open_office(const std::string& folder) {
        make_state(folder);
        office_ = std::make_unique<office::Office>(loop_, settings_of(folder, false), [] {
            return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
        });
        records_ = std::make_unique<office::OfficeStore>(folder_ / folder);
    }
    std::string claim() {
        return office::issue_claim_code(
            *records_, "kh-pp-01", "kh-pp-01",
            std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
    }
    void approve() {
        office::approve_board(*records_, "kh-pp-01",
                              key_fingerprint(records_->boards.find("kh-pp-01")->public_key));
    }
    ReportSetup setup(const std::string& code) {
        return {"http://127.0.0.1:" + std::to_string(server_.port()), "", code, "kh-pp-01",
                folder_ / "board.key"};
    }
    std::unique_ptr<Reporter> board(const std::string& code) {
        return std::make_unique<Reporter>(
            loop_, setup(code), journal_, [] { return R"({"board":"kh-pp-01","format":1,"version":"1"})"; },
            [this] { return pulse_; });
    }
    void air(int count) {
        for (int i = 0; i < count; ++i) {
            content::AiringRecord r;
            r.outlet = "screen";
            r.place = "kh-pp-01";
            r.airing = "airing-" + std::to_string(aired_++);
            r.segment = "fair-work";
            r.status = content::AiringStatus::aired;
            r.frames = 250;
            r.sha256 = std::string(64, 'a');
            static_cast<void>(journal_.add(r));
        }
    }
    template <class Until>
    bool run_until(const Until& until, std::chrono::seconds longest = 20s) {
        const auto deadline = std::chrono::steady_clock::now() + longest;
        while (!until() && std::chrono::steady_clock::now() < deadline) loop_.run_one_for(20ms);
        return until();
    }
    bool all_held() { return journal_.state().receipted == journal_.state().last; }

    test::Folder folder_;
    std::vector<std::unique_ptr<test::OfficeFolder>> databases_;  ///< empty: in the states' own folders
    boost::asio::io_context loop_{1};
    std::unique_ptr<office::Office> office_;
    std::unique_ptr<office::OfficeStore> records_;  // as the command line opens it beside the running office
    std::function<std::optional<http::Response>(http::Request&)> between_;  // what lies between the two
    http::Server server_{loop_, "127.0.0.1:0", [this](const http::Request& request) {
                             auto on_its_way = request;
                             if (between_)
                                 if (auto instead = between_(on_its_way)) return *instead;
                             return office_->answer(on_its_way);
                         }};
    Journal journal_{folder_ / "journal.db", "kh-pp-01"};
    std::string pulse_ = "a";
    int aired_ = 0;
};

}  // namespace riverlight
