#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "content/channel/client.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/repository.hpp"

namespace riverlight::test {

using namespace std::chrono_literals;
using content::TrustFault;
using content::TufClient;
using Versions = std::map<std::string, std::int64_t>;

/// A repository and a client's folder, which outlives each visit as it outlives a restart.
class Tuf : public ::testing::Test {
  protected:
    void trust(const std::string& root) { TufClient::init(folder_ / "trust", root, "root.json"); }
    void trust() { trust(repo_.files.at("1.root.json")); }

    TufClient client() { return {folder_ / "trust", repo_.fetch(), moment_}; }

    /// One visit as a new process makes it.
    void visit() {
        repo_.asked.clear();
        auto c = client();
        c.refresh();
        alarms_ = c.trust().alarms();
    }
    /// What it said when it failed, else empty.
    std::string refresh() {
        try {
            visit();
            return {};
        } catch (const Error& e) {
            return e.what();
        }
    }
    /// Why a visit does not trust what it found; none if it succeeds.
    std::optional<content::TrustError> distrust() {
        return refused<TrustFault>([&] { visit(); });
    }
    /// Why a visit cannot read what it found; none if it succeeds.
    std::optional<ReadError> misread() {
        return unread([&] { visit(); });
    }
    /// Good signatures and needed ones, where a visit finds too few; none if it finds enough.
    std::optional<std::pair<int, int>> signatures() {
        try {
            visit();
        } catch (const content::TooFewSignatures& e) {
            return std::pair(e.good, e.needed);
        }
        return {};
    }
    /// Whether a new process finds somebody who vouches for the path.
    bool finds(const std::string& path) {
        repo_.asked.clear();
        auto c = client();
        c.refresh();
        return c.find(path).has_value();
    }

    /// Versions of all that is trusted on disk, under the names of the files.
    [[nodiscard]] Versions trusted() const {
        Versions out;
        for (const auto& entry : std::filesystem::directory_iterator(folder_ / "trust")) {
            if (!entry.is_regular_file()) continue;
            const auto value = parse_json(read_file(entry.path(), 1U << 20), "kept");
            out[entry.path().stem()] = value.at("signed").at("version").as_int64();
        }
        return out;
    }
    [[nodiscard]] std::string kept(const std::string& role) const {
        return read_file(folder_ / ("trust/" + role + ".json"), 1U << 20);
    }

    Folder folder_;
    Instant now_ = *from_rfc3339("2026-11-24T06:00:00Z");
    content::UpdateTime moment_{now_};
    Repository repo_{now_};
    std::vector<content::TrustError> alarms_;
};

inline const std::vector<std::string> all_roles{"root", "targets", "snapshot", "timestamp"};

}  // namespace riverlight::test
