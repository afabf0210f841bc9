"""The original's epoch: its dense step over batches gathered from images that are held in memory, normalised once."""
import tarfile

from layerStep import dense_step, unit_images


def cifar10(torch, path, count):
    with tarfile.open(path) as archive:
        files = sorted(name for name in archive.getnames() if "data_batch_" in name)
        raw = b"".join(archive.extractfile(name).read() for name in files)
    records = torch.frombuffer(bytearray(raw), dtype=torch.uint8).view(-1, 3073)[:count, 1:]
    x = records.reshape(-1, 3, 1024).transpose(1, 2).reshape(-1, 3072).float()
    return x.div_(x.norm(dim=1, p=3.0, keepdim=True))


def ways(torch, sizes):
    images = cifar10(torch, sizes["archive"], sizes["epochImages"]) if sizes["archive"] else unit_images(torch, sizes["epochImages"], sizes["inputs"])
    step = dense_step(torch, sizes)

    def epoch():
        order = torch.randperm(images.shape[0])
        for start in range(0, images.shape[0], sizes["batch"]):
            step(images[order[start:start + sizes["batch"]]])
    return {"dense, as the original": epoch}
