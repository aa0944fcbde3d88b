// A client whose own files are damaged: it starts over from a root, and accepts nothing older than before.
#include "tests/unit/content/client_fixture.hpp"

namespace riverlight::test {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

class Memory : public Tuf {
  protected:
    /// Two roots, the second with a new timestamp key; three timestamps under it.
    Memory() {
        trust();
        first_root_ = repo_.files.at("1.root.json");
        repo_.rotate("timestamp");
        repo_.publish(all_roles);
        for (int n = 0; n < 2; ++n) {
            old_.push_back(repo_.files);
            repo_.publish({"targets", "snapshot", "timestamp"});
        }
        EXPECT_EQ(refresh(), "");
        versions_ = trusted();
        files_ = repo_.files;
        fs::copy(folder_ / "trust", folder_ / "kept", fs::copy_options::recursive);
    }
    /// As the board does: from the image's root if there is no other.
    std::string start_over() {
        repo_.asked.clear();
        trust(first_root_);
        return refresh();
    }
    void restore() {
        fs::remove_all(folder_ / "trust");
        fs::copy(folder_ / "kept", folder_ / "trust", fs::copy_options::recursive);
        repo_.files = files_;
    }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> out;
        for (const auto& entry : fs::recursive_directory_iterator(folder_ / "kept"))
            if (entry.is_regular_file()) out.push_back(fs::relative(entry.path(), folder_ / "kept").string());
        return out;
    }
    /// Each calls `check` with the trust folder after one kind of damage to one file.
    void each_damage(const std::function<void(const std::string& where)>& check) {
        using Damage = std::pair<const char*, std::function<void(const std::string&)>>;
        const std::vector<Damage> damages{
            {"bit",
             [](const auto& path) {
                 auto bytes = read_file(path, 1U << 20);
                 bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
                 write_file_atomically(path, bytes);
             }},
            {"cut", [](const auto& path) { fs::resize_file(path, fs::file_size(path) / 2); }},
            {"empty", [](const auto& path) { fs::resize_file(path, 0); }},
            {"gone", [](const auto& path) { fs::remove(path); }},
            {"folder", [](const auto& path) { fs::remove(path), fs::create_directories(path + "/x"); }},
            {"link", [](const auto& path) { fs::remove(path), fs::create_symlink("/nowhere", path); }}};
        for (const auto& name : names())
            for (const auto& [kind, damage] : damages) {
                restore();
                damage(folder_ / ("trust/" + name));
                SCOPED_TRACE(name + ", " + kind);
                check(name);
            }
    }
    std::string first_root_;
    std::vector<std::map<std::string, std::string>> old_;
    std::map<std::string, std::string> files_;
    Versions versions_;
};

TEST_F(Memory, AnyDamagedFileIsRepairedByAVisit) {
    EXPECT_THAT(TufClient::find_damage(folder_ / "trust"), IsEmpty());
    each_damage([&](const std::string& name) {
        const bool twice = name.find("root") != name.npos || name.find("seen") != name.npos;
        EXPECT_EQ(TufClient::find_damage(folder_ / "trust").size(), twice ? 1U : 0U);
        EXPECT_EQ(start_over(), "");
        EXPECT_EQ(trusted(), versions_);
        EXPECT_THAT(TufClient::find_damage(folder_ / "trust"), IsEmpty());
    });
}

TEST_F(Memory, ADamagedFileDoesNotLetAnOldReleaseIn) {
    each_damage([&](const std::string&) {
        for (const auto& old : old_) {
            repo_.files = old;
            trust(first_root_);
            EXPECT_THAT(distrust(), Refuses(TrustFault::rollback, ""));
        }
        repo_.files = files_;
        EXPECT_EQ(start_over(), "") << "and the newest is accepted still";
    });
}

TEST_F(Memory, WithoutAnyMetadataItStartsOverFromTheFirstRootAndRemembers) {
    for (const auto* file : {"root", "timestamp", "snapshot", "targets", "copies/root"})
        static_cast<void>(folder_.write(std::string("trust/") + file + ".json", ""));
    EXPECT_FALSE(TufClient::has_root(folder_ / "trust"));
    for (const auto& old : old_) {
        repo_.files = old;
        trust(first_root_);
        EXPECT_THAT(distrust(), Refuses(TrustFault::rollback, ""))
            << "the second root's new key does not make it forget again";
    }
    // Nor a root that is older than the newest seen, or another one under its version.
    repo_.files = files_;
    repo_.files.erase("2.root.json");
    static_cast<void>(folder_.write("trust/root.json", first_root_));
    static_cast<void>(folder_.write("trust/copies/root.json", first_root_));
    EXPECT_THAT(distrust(), Refuses(TrustFault::rollback, ""));
    repo_.version["root"] = 1;
    repo_.rotate("timestamp");
    repo_.publish({"root", "timestamp"});
    EXPECT_THAT(distrust(), Refuses(TrustFault::replaced, ""));
    repo_.files = files_;
    EXPECT_EQ(refresh(), "");
    EXPECT_EQ(trusted(), versions_);
}

TEST_F(Memory, AVersionIsNotAcceptedWithOtherContentAlthoughTheFirstIsLost) {
    for (const auto* role : {"timestamp", "snapshot", "targets"}) {
        restore();
        fs::remove(folder_ / ("trust/" + std::string(role) + ".json"));
        const auto n = repo_.version[role];
        repo_.tweak[role] = [](json::object& body) { body["x-other"] = 1; };
        repo_.put(role, repo_.sign_role(role, n), n);
        EXPECT_THAT(distrust(), Refuses(TrustFault::replaced, "")) << role;
        repo_.tweak.clear();
        repo_.files = files_;
        EXPECT_EQ(refresh(), "") << role;
    }
}

TEST_F(Memory, AFolderOfAnEarlierVersionIsRead) {
    for (const auto* folder : {"trust/seen", "trust/copies"}) fs::remove_all(folder_ / folder);
    EXPECT_THAT(TufClient::find_damage(folder_ / "trust"), IsEmpty());
    repo_.files = old_.front();
    EXPECT_THAT(distrust(), Refuses(TrustFault::rollback, "")) << "its metadata are memory enough";
    repo_.files = files_;
    EXPECT_EQ(refresh(), "");
    EXPECT_TRUE(fs::exists(folder_ / "trust/copies/root.json"));
}

}  // namespace
}  // namespace riverlight::test
