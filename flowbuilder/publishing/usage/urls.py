from django.urls import path

from flowbuilder.publishing.usage import views

app_name = "usage"
urlpatterns = [
    path("", views.page, name="page"),
    path("export/", views.export, name="export"),
    path("prices/", views.price_list, name="prices"),
    path("prices/<uuid:price_id>/deletion/", views.remove_price, name="remove-price"),
    path("bookkeeping/", views.keep_books, name="books"),
]
