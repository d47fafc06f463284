from django.urls import path

from flowbuilder.datasets.views import filling, listing, mending, rows, synthesis, versions

app_name = "datasets"
urlpatterns = [
    path("", listing.dataset_list, name="list"),
    path("<uuid:dataset_id>/", rows.row_list, name="rows"),
    path("<uuid:dataset_id>/deletion/", listing.delete, name="delete"),
    path("<uuid:dataset_id>/writing/", filling.write, name="write"),
    path("<uuid:dataset_id>/import/", filling.import_file, name="import"),
    path("<uuid:dataset_id>/collection/", filling.collect_feedback, name="collect"),
    path("<uuid:dataset_id>/duplicates/", rows.remove_duplicates, name="duplicates"),
    path("<uuid:dataset_id>/rows/<int:row_id>/", mending.row, name="row"),
    path("<uuid:dataset_id>/rows/<int:row_id>/removal/", mending.remove, name="remove"),
    path("<uuid:dataset_id>/rows/<int:row_id>/restoration/", mending.restore, name="restore"),
    path("<uuid:dataset_id>/rows/<int:row_id>/history/", mending.history, name="history"),
    path("<uuid:dataset_id>/rows/<int:row_id>/split/", mending.move, name="move"),
    path("<uuid:dataset_id>/versions/", versions.version_list, name="versions"),
    path("<uuid:dataset_id>/difference/", versions.difference, name="difference"),
    path("<uuid:dataset_id>/statistics/", versions.statistics_page, name="statistics"),
    path("<uuid:dataset_id>/synthesis/", synthesis.augmentation_list, name="synthesis"),
    path("<uuid:dataset_id>/synthesis/<uuid:augmentation_id>/cancellation/", synthesis.cancel, name="cancel"),
]
