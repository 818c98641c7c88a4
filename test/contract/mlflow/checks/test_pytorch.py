"""mlflow.pytorch.autolog() with a small torch model."""

import mlflow
import pytest

torch = pytest.importorskip("torch")
lightning = pytest.importorskip("pytorch_lightning")


class Line(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.line = torch.nn.Linear(1, 1)

    def forward(self, x):
        return self.line(x)

    def training_step(self, batch, _):
        loss = torch.nn.functional.mse_loss(self.line(batch[0]), batch[1])
        self.log("loss", loss, on_step=False, on_epoch=True)
        return loss

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.125)


@pytest.fixture
def data():
    x = torch.linspace(0, 1, 16).reshape(-1, 1)
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, 2 * x + 1), batch_size=8)


def test_autolog_of_a_lightning_model(client, active, data, tmp_path):
    mlflow.pytorch.autolog(checkpoint=False)
    try:
        trainer = lightning.Trainer(max_epochs=3, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=True, default_root_dir=tmp_path)
        with mlflow.start_run() as run:
            trainer.fit(Line(), data)
    finally:
        mlflow.pytorch.autolog(disable=True)
    id = run.info.run_id
    got = client.get_run(id)
    assert got.data.params["epochs"] == "3" and got.data.params["optimizer_name"] == "SGD" and got.data.params["lr"] == "0.125"
    losses = client.get_metric_history(id, "loss")
    assert [m.step for m in losses] == [0, 1, 2] and losses[-1].value < losses[0].value
    assert "model_summary.txt" in {one.path for one in client.list_artifacts(id)}
    (model,) = client.search_logged_models([active], filter_string=f"source_run_id = '{id}'")
    loaded = mlflow.pytorch.load_model(f"models:/{model.model_id}")
    assert loaded(torch.zeros(1, 1)).shape == (1, 1)


def test_a_plain_torch_model_is_logged_and_loaded(active):
    net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    with mlflow.start_run() as run:
        for step in range(3):
            mlflow.log_metric("loss", 1.0 / (step + 1), step=step)
        mlflow.pytorch.log_model(net, name="net", pip_requirements=["torch"], serialization_format="pickle")
    loaded = mlflow.pytorch.load_model(f"runs:/{run.info.run_id}/net")
    given = torch.ones(1, 2)
    assert torch.equal(loaded(given), net(given))
