#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/store/content_set.hpp"
#include "content/sync/fetch.hpp"
#include "content/sync/sync.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/refusal.hpp"
#include "tools/publisher/init.hpp"
#include "tools/publisher/inspect.hpp"
#include "tools/publisher/publish.hpp"
#include "tools/publisher/upkeep.hpp"

namespace riverlight::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using content::FetchFault;
using content::StoreFault;
using content::TrustFault;
using ::testing::AllOf;
using ::testing::StartsWith;

/// A channel in a folder of its own: source, keys, tree and a board's store.
class Channel : public ::testing::Test {
  protected:
    void SetUp() override {
        root_ = temporary_place() / ("riverlight-channel-" + random_hex(6));
        add_segment("false-promise", "the picture of one");
        write("source/channel.toml", "format = 1\nname = \"Test\"\n");
        write("source/schedules/mekong.toml", schedule("false-promise"));
        write("source/countries/kh/places.toml",
              "format = 1\ncountry = \"KH\"\n[hours]\n[[places]]\nid = \"kh-1\"\nname = \"One\"\nzone = "
              "\"Asia/Phnom_Penh\"\n"
              "schedule = \"mekong\"\nlanguages = [{language = \"km\"}]\n");
        write("source/countries/kh/clearances.toml",
              "format = 1\ncountry = \"KH\"\n[[clearances]]\nsegment = \"false-promise\"\nrevision = "
              "1\nlocales = [\"km\"]\n");
        write("source/countries/kh/hotlines.toml",
              "format = 1\ncountry = \"KH\"\n[hotlines.\"*\"]\nnumber = \"000 000\"\nname = \"Hotline\"\n");
        init(at("keys"), at("tree"));
    }
    void TearDown() override { fs::remove_all(root_); }

    [[nodiscard]] std::string at(const std::string& path) const { return (root_ / path).string(); }

    void write(const std::string& path, const std::string& bytes) const {
        fs::create_directories((root_ / path).parent_path());
        std::ofstream(root_ / path, std::ios::binary) << bytes;
    }

    static std::string schedule(const std::string& segment) {
        return "format = 1\nname = \"mekong\"\n[[campaign]]\nid = \"c\"\n[[campaign.booking]]\nid = "
               "\"b\"\nkind = \"filler\"\nsegments = "
               "[\"" +
               segment + "\"]\n";
    }

    struct Rung {
        std::string picture, codec;
        int height = 0;
    };
    void add_segment(const std::string& id, const std::string& picture,
                     const std::vector<Rung>& ladder = {}) const {
        const auto sha256 = sha256_hex(picture);
        content::Manifest m;
        m.id = id;
        m.duration = 2s;
        m.fallback_locale = "km";
        content::MediaFile file;
        file.sha256 = sha256;
        file.ext = "mp4";
        file.bytes = picture.size();
        file.kind = "picture";
        file.codec = "h264";
        file.width = 1280;
        file.height = 720;
        file.frame_rate = "25/1";
        m.files[sha256] = file;
        m.locales["km"].title = id;
        m.locales["km"].picture = sha256;
        for (const auto& rung : ladder) {
            file.sha256 = sha256_hex(rung.picture);
            file.bytes = rung.picture.size();
            file.codec = rung.codec;
            file.width = rung.height * 16 / 9;
            file.height = rung.height;
            m.files[file.sha256] = file;
            m.locales["km"].ladder.push_back(file.sha256);
            write("source/segments/" + id + "/media/" + file.name(), rung.picture);
        }
        write("source/segments/" + id + "/segment.json", content::write_manifest(m));
        write("source/segments/" + id + "/media/" + sha256 + ".mp4", picture);
    }

    static std::string name_of(const std::string& picture) { return sha256_hex(picture) + ".mp4"; }
    [[nodiscard]] bool held(const std::string& picture) const {
        return fs::exists(at("store/media/" + name_of(picture)));
    }
    /// Publishes segments as the place's schedule, all of them cleared.
    void publish_segments(const std::vector<std::pair<std::string, std::string>>& segments) {
        std::string ids, clearances = "format = 1\ncountry = \"KH\"\n";
        for (const auto& [id, picture] : segments) {
            add_segment(id, picture);
            ids += (ids.empty() ? "" : "\", \"") + id;
            clearances += "[[clearances]]\nsegment = \"" + id + "\"\nrevision = 1\nlocales = [\"km\"]\n";
        }
        write("source/schedules/mekong.toml", schedule(ids));
        write("source/countries/kh/clearances.toml", clearances);
        static_cast<void>(publish());
    }

    /// The clearances that the test below publishes second, to find their file by its hash.
    static content::Country content_of_new_clearances() {
        content::Country country;
        country.code = "KH";
        content::Clearance clearance;
        clearance.segment = "second";
        clearance.locales = {"km"};
        country.clearances = {clearance};
        return country;
    }

    void init(const std::string& keys, const std::string& tree) const {
        publisher::InitOptions options;
        options.keys = keys;
        options.countries = {"kh"};
        publisher::init_channel(options, tree, now_);
    }

    publisher::PublishReport publish(const std::string& draft = {}, publisher::WriteWhole write = {}) {
        publisher::KeyRing ring(at("keys"));
        return publisher::publish(
            at("source"), ring, publisher::Tree(at("tree"), std::move(write)), now_, [](const auto&) {},
            draft);
    }
    [[nodiscard]] publisher::Verified verify() const {
        return publisher::verify_tree(at("tree"), at("tree/metadata/1.root.json"), now_);
    }

    [[nodiscard]] content::SyncOptions options() const {
        content::SyncOptions o;
        o.channel_url = "file://" + at("tree");
        o.store_root = at("store");
        o.trusted_root = at("tree/metadata/1.root.json");
        o.place = "kh-1";
        return o;
    }
    content::SyncResult sync() { return content::sync_channel(options(), now_, {}); }

    [[nodiscard]] std::optional<content::ContentSet> load() const {
        return content::Store(at("store")).load();
    }

    /// The only file in the tree whose path has `part` in it.
    [[nodiscard]] fs::path in_tree(const std::string& part) const {
        for (const auto& entry : fs::recursive_directory_iterator(root_ / "tree")) {
            if (entry.is_regular_file() && entry.path().string().find(part) != std::string::npos)
                return entry.path();
        }
        throw Error("no " + part);
    }

    /// The roles without enough signatures that stop `act`; none if it is not stopped.
    static std::vector<publisher::MissingSignatures> unsigned_roles(const std::function<void()>& act) {
        try {
            act();
        } catch (const publisher::SignaturesMissing& e) {
            return e.missing;
        }
        return {};
    }

    fs::path root_;
    Instant now_ = *from_rfc3339("2026-11-24T06:00:00Z");
};

}  // namespace riverlight::test
