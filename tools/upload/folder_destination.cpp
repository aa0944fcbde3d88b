#include "tools/upload/folder_destination.hpp"

#include <filesystem>

#include "content/base/files.hpp"

namespace riverlight::upload {
namespace {

namespace fs = std::filesystem;

class FolderDestination : public Destination {
  public:
    explicit FolderDestination(const std::string& folder)
        : folder_(fs::absolute(folder).lexically_normal().string()) {}

    [[nodiscard]] std::string name() const override { return folder_; }

    void put(const Upload& upload) override {
        const auto to = fs::path(folder_) / upload.path;
        try {
            make_folder(to.parent_path().string());
            if (!upload.bytes.empty()) return write_file_atomically(to.string(), upload.bytes);
            // Beside it first: a reader never sees a part.
            const auto staged = to.string() + ".part";
            fs::copy_file(upload.file, staged, fs::copy_options::overwrite_existing);
            fs::rename(staged, to);
        } catch (const std::exception& e) {
            throw UploadError(
                UploadFault::disk, to.string(),
                std::string("cannot be written: ") + e.what() + "; check the disk and its rights");
        }
    }

    void remove(const std::string& path) override {
        std::error_code ec;
        fs::remove(fs::path(folder_) / path, ec);
        if (ec)
            throw UploadError(UploadFault::disk, folder_ + '/' + path, "cannot be removed: " + ec.message());
    }

  private:
    std::string folder_;
};

}  // namespace

std::unique_ptr<Destination> open_folder(const std::string& folder) {
    return std::make_unique<FolderDestination>(folder);
}

}  // namespace riverlight::upload
