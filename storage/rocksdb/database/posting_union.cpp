#include "storage/rocksdb/database/posting_union.hpp"

#include "storage/rocksdb/database/bucket_bits.hpp"
#include "storage/rocksdb/database/slice.hpp"

#include <rocksdb/merge_operator.h>

namespace leerspoor::storage::engine {

namespace {

class PostingUnion final : public rocksdb::AssociativeMergeOperator {
  public:
    bool Merge(const rocksdb::Slice& /*key*/, const rocksdb::Slice* existing, const rocksdb::Slice& value,
               std::string* result, rocksdb::Logger* /*logger*/) const override {
        if (existing == nullptr) {
            result->assign(value.data(), value.size());
            return true;
        }
        BucketBits bits;
        if (!decode_into(view(*existing), bits) || !decode_into(view(value), bits)) return false;
        *result = encode(bits);
        return true;
    }
    const char* Name() const override { return "leerspoor.posting_union"; }
};

} // namespace

std::shared_ptr<rocksdb::MergeOperator> posting_union() {
    return std::make_shared<PostingUnion>();
}

} // namespace leerspoor::storage::engine
