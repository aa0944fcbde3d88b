#include "tools/upload/destination.hpp"

#include "content/audit/tree_head.hpp"
#include "tools/upload/folder_destination.hpp"
#include "tools/upload/s3_destination.hpp"
#include "tools/upload/sftp_destination.hpp"

namespace riverlight::upload {

bool is_replaced(std::string_view path) {
    return path == "metadata/timestamp.json" || path == content::published_head_file;
}

const char* Upload::media_type() const {
    return path.ends_with(".json") ? "application/json" : "application/octet-stream";
}

const char* Upload::cache_control() const {
    return may_change() ? "no-cache" : "public, max-age=31536000, immutable";
}

std::unique_ptr<Destination> open_destination(const std::string& address, const DestinationOptions& options) {
    if (address.starts_with("s3://")) return open_s3(address);
    if (address.starts_with("sftp://")) return open_sftp(address, options);
    if (address.find("://") != std::string::npos)
        throw UploadError(UploadFault::address, address,
                          "name a bucket (s3://BUCKET/PREFIX), a server (sftp://USER@HOST/PATH) or a folder");
    return open_folder(address);
}

}  // namespace riverlight::upload
