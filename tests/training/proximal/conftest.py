import pytest
import torch

from tests.training.proximal.small import folder_of, gpt2, lfm2


@pytest.fixture(params=[gpt2, lfm2], scope="module")
def small(request, tmp_path_factory):
    torch.manual_seed(3)
    model = request.param()
    with torch.no_grad():  # far from uniform, so that a wrong mask or position shows
        for weights in model.parameters():
            weights += 0.3 * torch.randn_like(weights)
    return folder_of(model, tmp_path_factory.mktemp("small"))


@pytest.fixture(params=[gpt2, lfm2], scope="module")
def even(request, tmp_path_factory):
    """All tokens are about as likely."""
    torch.manual_seed(3)
    return folder_of(request.param(), tmp_path_factory.mktemp("even"))


@pytest.fixture(autouse=True)
def threads():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)
