from nodes.data.collect import CollectFeedback


async def test_feedback_is_collected_first(make_context, make_datasets):
    datasets = make_datasets()
    out = await CollectFeedback(flow="bot", dataset="taste", agreement=0.7).run(
        make_context(datasets=datasets)
    )
    assert out.ref == "taste@8" and out.preferences.source == "taste@8"
    assert datasets.collected == [{"dataset": "taste", "kind": "preference", "flow": "bot", "agreement": 0.7}]
