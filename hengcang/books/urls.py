"""Addresses outside any book: choosing one."""

from django.urls import path

from hengcang.books import views

urlpatterns = [
    path("", views.choose, name="choose_book"),
    path("healthz", views.healthy, name="healthy"),
]
