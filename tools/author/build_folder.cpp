#include "tools/author/build_folder.hpp"

#include "content/base/files.hpp"

namespace riverlight::author {

namespace fs = std::filesystem;
using content::MediaFile;

BuildFolder::BuildFolder(const SegmentSource& source, fs::path folder, fs::path earlier, BuildCache& cache,
                         const Progress& progress)
    : source_(source),
      folder_(std::move(folder)),
      earlier_(std::move(earlier)),
      cache_(cache),
      progress_(progress) {
    fs::create_directories(folder_ / "media");
}

void BuildFolder::report(const std::string& text) {
    const std::lock_guard hold(lock_);
    if (progress_) progress_(text);
}

std::string BuildFolder::reuse(const std::string& key) {
    const auto file = cache_.product(key);
    if (!file) return {};
    const auto from = earlier_ / "media" / file->name(), to = folder_ / "media" / file->name();
    const std::lock_guard hold(lock_);
    std::error_code ec;
    if (!fs::exists(to, ec)) fs::create_hard_link(from, to, ec);
    if (ec) fs::copy_file(from, to, fs::copy_options::overwrite_existing);
    files_.emplace(file->sha256, *file);
    return file->sha256;
}

std::string BuildFolder::add(const std::string& key, const fs::path& made, MediaFile facts) {
    facts.sha256 = hash_of_file(made.string());
    facts.bytes = fs::file_size(made);
    fs::rename(made, folder_ / "media" / facts.name());
    cache_.keep_product(key, facts);
    const std::lock_guard hold(lock_);
    auto sha256 = facts.sha256;
    files_.emplace(sha256, std::move(facts));
    return sha256;
}

std::string BuildFolder::path_of(const std::string& sha256) {
    const std::lock_guard hold(lock_);
    return (folder_ / "media" / files_.at(sha256).name()).string();
}

}  // namespace riverlight::author
